from django.urls import include, path

from responses.views import help_lines, misses, queue, report, templates

app_name = "responses"

urlpatterns = [
    path("", include("responses.views.reply_urls")),
    path("templates/", templates.template_list, name="templates"),
    path("templates/export/", templates.template_export, name="templates_export"),
    path("templates/new/", templates.template_new, name="template_new"),
    path("templates/queue/", queue.queue, name="queue"),
    path("templates/queue/<int:pk>/", queue.decide, name="decide"),
    path("templates/versions/<int:pk>/withdraw/", queue.withdraw, name="withdraw"),
    path("templates/<int:pk>/", templates.template_page, name="template"),
    path("templates/<int:pk>/edit/", templates.template_edit, name="template_edit"),
    path("inbox/help-lines/", help_lines.page, name="help_lines"),
    path("inbox/help-lines/check/", help_lines.check, name="help_lines_check"),
    path("misses/", misses.miss_list, name="misses"),
    path("misses/export/", misses.miss_export, name="misses_export"),
    path("misses/<int:pk>/", misses.miss, name="miss"),
    path("misses/<int:pk>/review/", misses.miss_review, name="miss_review"),
    path("misses/<int:pk>/reopen/", misses.miss_reopen, name="miss_reopen"),
    path("report/", report.report, name="report"),
    path("report/export/", report.report_export, name="report_export"),
    path("report/outages/", report.outages_export, name="outages_export"),
]
