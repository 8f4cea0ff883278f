"""How forms are drawn, all of them: see FORM_RENDERER."""

from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Widget


class Field(BoundField):
    """The first wrong field of a form that comes back is brought into sight and has the focus, by the browser alone."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        wrong = (field.name for field in self.form.visible_fields() if field.errors) if self.errors else iter(())
        return built | {"autofocus": True} if next(wrong, None) == self.name else built


class Renderer(DjangoTemplates):
    bound_field_class = Field
