"""The product's web application with a hello-world page beside it, as a limit for the others."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

settings.ROOT_URLCONF = "bench.web"
application = get_wsgi_application()


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, world.")


urlpatterns = [path("hello/", hello), path("", include("collections_crm.urls"))]
