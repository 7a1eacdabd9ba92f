"""What the forms of the staff pages share: their base, and a text in both languages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.i18n import translations
from wtforms import Form, StringField
from wtforms.fields import Field, FormField
from wtforms.meta import DefaultMeta

from advocacy.language import Language, Wording

NAMES = {Language.EN: lazy_gettext("English"), Language.FR: lazy_gettext("French")}


class StaffForm(FlaskForm):  # type: ignore[misc]
    """The base of every form of the staff pages: WTForms, with the form's token."""


class _Translated(DefaultMeta):  # type: ignore[misc]
    def get_translations(self, _form: Form) -> Any:
        return translations


class BilingualField(FormField):  # type: ignore[misc]
    """A text in every language: one box for each, named `<name>-<language>`; both are filled in, or neither.

    `field` makes one box (StringField or TextAreaField), `validators` apply to each. Its data, when the form is made of
    an object, is a `Wording` or None.
    """

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Callable[[Form, Field], None]] = (),
        *,
        field: type[Field] = StringField,
        render_kw: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        boxes = {
            language.value: field(NAMES[language], validators=[*validators], render_kw=dict(render_kw or {}))
            for language in Language
        }
        texts = type("Texts", (Form,), {"Meta": _Translated, **boxes})
        super().__init__(texts, label, **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Fill the boxes from the request, or else from a `Wording`."""
        if isinstance(data, Mapping):
            data = {str(language): text for language, text in data.items()}
        super().process(formdata, data or {}, extra_filters)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Check each box, and that no language is missing where another is filled in."""
        valid = super().validate(form, extra_validators)
        boxes = [self.form[language.value] for language in Language]
        if any(box.data for box in boxes):
            for box in boxes:
                if not box.data and not box.errors:
                    box.errors = [*box.errors, gettext("Fill in this language too.")]
                    valid = False
        return bool(valid)

    @property
    def wording(self) -> Wording | None:
        """The text in every language, None where the boxes are empty."""
        texts = {language.value: (self.form[language.value].data or "").strip() for language in Language}
        return Wording(texts) if all(texts.values()) else None
