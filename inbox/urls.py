from django.urls import path

from inbox.views import notices, policy
from inbox.views.desk import actions, attachments, conversation, lists, moderation, reread, unmasking
from inbox.views.safety import cases, crises, findings, reconciliation, reports

app_name = "inbox"

urlpatterns = [
    path("", lists.inbox_list, name="list"),
    path("<int:pk>/", conversation.conversation_page, name="conversation"),
    path("<int:pk>/attachments/<int:message_pk>/<int:number>/", attachments.attachment, name="attachment"),
    path("<int:pk>/reread/<int:message_pk>/", reread.reread, name="reread"),
    path("<int:pk>/messages/<int:message_pk>/unmask/", unmasking.unmask, name="unmask"),
    path("<int:pk>/person/unmask/", unmasking.unmask_person, name="unmask_person"),
    path("<int:pk>/messages/<int:message_pk>/unseen/", findings.add, name="finding_add"),
    path("<int:pk>/messages/<int:message_pk>/<slug:action>/", moderation.act, name="act"),
    path("<int:pk>/thread/<slug:action>/", moderation.act_on_thread, name="act_on_thread"),
    path("actions/<int:pk>/again/", moderation.act_again, name="act_again"),
    path("<int:pk>/history/", conversation.history_part, name="history"),
    path("<int:pk>/why/", findings.why, name="why"),
    path("<int:pk>/timer/", conversation.explain, name="explain"),
    path("<int:pk>/assign/", actions.assign, name="assign"),
    path("<int:pk>/note/", actions.note, name="note"),
    path("<int:pk>/close/", actions.close, name="close"),
    path("<int:pk>/reopen/", actions.reopen, name="reopen"),
    path("<int:pk>/take-on/", crises.acknowledge, name="acknowledge"),
    path("alerts/", crises.crisis_list, name="crises"),
    path("<int:pk>/exclude/", actions.exclude, name="exclude"),
    path("findings/<int:pk>/remove/", findings.remove, name="finding_remove"),
    path("findings/<int:pk>/put-back/", findings.put_back, name="finding_put_back"),
    path("findings/<int:pk>/take-back/", findings.take_back, name="finding_take_back"),
    path("waits/<int:pk>/reopen/", actions.reopen_wait, name="reopen_wait"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/read/", notices.mark_read, name="notices_read"),
    path("notices/<int:pk>/", notices.open_notice, name="notice"),
    path("safety/", cases.case_list, name="cases"),
    path("safety/month/", reconciliation.month_page, name="case_month"),
    path("safety/month.csv", reconciliation.month_export, name="case_month_export"),
    path("safety/<int:pk>/", cases.case_page, name="case"),
    path("safety/<int:pk>/summary/", cases.summary, name="case_summary"),
    path("safety/<int:pk>/check/", cases.check, name="case_check"),
    path("safety/<int:pk>/unmask/", cases.unmask, name="case_unmask"),
    path("safety/<int:pk>/forward/", cases.forward, name="case_forward"),
    path("safety/<int:pk>/not-forwarded/", cases.take_back_forward, name="case_not_forwarded"),
    path("safety/<int:pk>/report/", reports.add, name="case_report"),
    path("safety/<int:pk>/report/<int:report_pk>/not-so/", reports.take_back, name="case_not_reported"),
    path("policy/", policy.policy, name="policy"),
    path("shortcuts/", notices.shortcuts, name="shortcuts"),
]
