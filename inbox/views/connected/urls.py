from django.urls import path

from inbox.views.connected import channels, consents, deliveries, health

app_name = "channels"

urlpatterns = [
    path("", health.channel_list, name="list"),
    path("connect/", channels.connect, name="connect"),
    path("consent/<slug:slug>/", consents.leave, name="leave"),
    path("consent/<slug:slug>/back/", consents.come_back, name="come_back"),
    path("choose/", consents.choose, name="choose"),
    path("<int:pk>/started/", consents.started, name="started"),
    path("<int:pk>/", health.page, name="page"),
    path("<int:pk>/token/", channels.reconnect, name="reconnect"),
    path("website-webhook.md", channels.guide, name="guide"),
    path("<int:pk>/webhook/", channels.webhook, name="webhook"),
    path("<int:pk>/secret/new/", channels.renew_secret, name="renew_secret"),
    path("<int:pk>/secret/forget/", channels.forget_secret, name="forget_secret"),
    path("<int:pk>/check/", health.check, name="check"),
    path("<int:pk>/disconnect/", channels.disconnect, name="disconnect"),
    path("deliveries/", deliveries.delivery_list, name="deliveries"),
    path("deliveries/replay/", deliveries.replay_all, name="replay_all"),
    path("deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    path("deliveries/<int:pk>/body/", deliveries.body, name="delivery_body"),
    path("deliveries/<int:pk>/replay/", deliveries.replay, name="replay"),
]
