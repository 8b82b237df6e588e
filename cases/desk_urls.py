from django.urls import path

from cases import desk_views as views
from cases import file_cells, paid_views, paying_views, word_views

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/next/", views.take_next, name="desk-next"),
    path("desk/results/<int:result_id>/undo/", views.undo_result, name="desk-undo"),
    path("cases/find/", views.palette, name="palette"),
    path("cases/<int:case_id>/", views.case_page, name="case"),
    path("cases/<int:case_id>/timeline/", views.timeline, name="case-timeline"),
    path("cases/<int:case_id>/file/", file_cells.file_cells, name="case-file-cells"),
    path("cases/<int:case_id>/stay/", views.stay, name="desk-stay"),
    path("cases/<int:case_id>/note/", views.add_note, name="desk-note"),
    path("cases/<int:case_id>/contact-point/", views.add_contact_point, name="desk-contact-point"),
    path("cases/<int:case_id>/status/", views.record_status, name="desk-status"),
    path("cases/<int:case_id>/paid/", paid_views.paid_seen, name="desk-paid-seen"),
    path("cases/<int:case_id>/way/", paying_views.agree, name="desk-way"),
    path("desk/words/", word_views.words, name="desk-words"),
    path("desk/words/argument/", word_views.argument, name="argument"),
    path("desk/words/argument/move/", word_views.move, name="argument-move"),
    path("desk/words/suspicions/", word_views.suspicion_add, name="suspicion-add"),
    path("desk/words/use/", word_views.use, name="desk-word-use"),
    path("cases/<int:case_id>/payment/", views.enter_payment, name="desk-payment"),
]
