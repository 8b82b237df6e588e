from django.apps import AppConfig


class CollectionsCrmConfig(AppConfig):
    name = "collections_crm"
