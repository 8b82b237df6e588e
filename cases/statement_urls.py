from django.urls import URLPattern, URLResolver, path

from cases import statement_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("bank-statements/", statement_views.statement_list, name="bank-statements"),
    path("bank-statements/desk/", statement_views.desk, name="statement-desk"),
    path("bank-statements/<int:statement_id>/", statement_views.statement_page, name="bank-statement"),
    path("bank-statements/<int:statement_id>/match/", statement_views.statement_rematch, name="bank-statement-match"),
    path("bank-statements/lines/<int:statement_line_id>/book/", statement_views.line_book, name="statement-line-book"),
    path("bank-statements/lines/<int:statement_line_id>/link/", statement_views.line_link, name="statement-line-link"),
    path(
        "bank-statements/lines/<int:statement_line_id>/take-back/",
        statement_views.line_take_back,
        name="statement-line-take-back",
    ),
    path(
        "bank-statements/lines/<int:statement_line_id>/ignore/",
        statement_views.line_ignore,
        name="statement-line-ignore",
    ),
    path(
        "bank-statements/lines/<int:statement_line_id>/reopen/",
        statement_views.line_reopen,
        name="statement-line-reopen",
    ),
]
