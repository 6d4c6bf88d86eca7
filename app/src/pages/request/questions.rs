//! The questions, one a page.

use erasure::request::Role;
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Page, Visit, draft, frame};
use crate::{
    answer::Flash,
    api::request::SaveAnswer,
    asking::{Draft, IdentityField, Kept, Step, identity_field},
    context,
    locales::{RequestTexts, request_texts},
    pages::Place,
    parts::{Choices, Field, Problems, ShortAnswer, Tick},
    wire::Trouble,
};

/// The name under which every answer is sent.
const ANSWER: &str = "answer";

/// A question that is being asked.
struct Asked {
    visit: Visit,
    step: Step,
    draft: Draft,
    flash: Option<Flash>,
    words: &'static RequestTexts,
}

impl Asked {
    fn new(visit: Visit, step: Step, draft: Draft) -> Self {
        Self {
            flash: visit.take_flash(),
            words: request_texts(visit.locale),
            visit,
            step,
            draft,
        }
    }

    fn trouble(&self) -> Option<Trouble> {
        self.flash.as_ref().and_then(Flash::trouble)
    }

    /// What stands in the field: what was typed and refused, otherwise what was answered.
    fn value(&self, answered: &str) -> String {
        match &self.flash {
            Some(flash) if flash.trouble().is_some() => flash.typed().to_owned(),
            Some(_) | None => answered.to_owned(),
        }
    }

    /// The page around the field.
    fn page(self, title: &'static str, before: AnyView, field: AnyView, after: AnyView) -> Page {
        let locale = self.visit.locale;
        let form = &self.words.form;
        let back = self.step.before(self.draft.answers.role);
        let body = view! {
            <Problems locale trouble=self.trouble() />
            <h1 tabindex="-1">{title}</h1>
            {before}
            <form class="form" method="post" action=SaveAnswer::url() novalidate>
                <input type="hidden" name="lang" value=locale.as_str() />
                <input type="hidden" name="step" value=self.step.as_str() />
                {field}
                {after}
                <div class="buttons">
                    <button class="button button-primary" type="submit">
                        {form.go_on}
                    </button>
                    {back
                        .map(|step| {
                            view! {
                                <a class="button button-quiet" href=step.path(locale) data-step>
                                    {form.back}
                                </a>
                            }
                        })}
                </div>
            </form>
        };
        let frame = frame(self.step, &self.draft);
        Page::new(title, frame, body.into_any()).reporting(&self.visit, self.flash.as_ref())
    }
}

fn muted(words: &'static str) -> AnyView {
    view! { <p class="muted">{words}</p> }.into_any()
}

fn nothing() -> AnyView {
    ().into_any()
}

/// Who are you?
pub(crate) async fn who(visit: Visit) -> Result<Page, Detour> {
    let draft = match Draft::kept() {
        Kept::Draft(draft) => draft,
        // A form that was sent is over: this is the beginning of another.
        Kept::Nothing | Kept::TooOld(_) | Kept::Sent(..) => {
            Draft::new(context::services().random.as_ref())
        }
    };
    let asked = Asked::new(visit, Step::Who, draft);
    let (words, locale) = (&asked.words.form, asked.visit.locale);
    let controller = &context::services().settings.controller;
    let choices = Role::ALL
        .iter()
        .map(|role| (role.as_str(), (words.role)(*role), (words.role_hint)(*role)))
        .collect();
    let before = view! { <p class="lead">{(words.who_intro)(controller)}</p> }.into_any();
    let field = view! {
        <Choices
            field=Field::Role
            name=ANSWER
            legend=words.who
            choices
            chosen=asked.draft.answers.role.map(Role::as_str)
            locale
            trouble=asked.trouble()
        />
    }
    .into_any();
    let after = view! {
        <p class="muted">
            {words.signed_in} " "
            <a href=Place::Overview.path(locale)>{words.signed_in_link}</a> "."
        </p>
        <p class="muted">{words.privacy}</p>
    }
    .into_any();
    let title = words.who;
    Ok(asked.page(title, before, field, after))
}

/// Which number, or which account?
pub(crate) async fn identity(visit: Visit) -> Result<Page, Detour> {
    let draft = draft(&visit, Step::Identity)?;
    let role = draft.answers.role.unwrap_or(Role::EndUser);
    let asked = Asked::new(visit, Step::Identity, draft);
    let (words, locale) = (&asked.words.form, asked.visit.locale);
    let value = asked.value(&asked.draft.answers.identity);
    let trouble = asked.trouble();
    let (title, field, after) = match identity_field(role) {
        IdentityField::Number => (
            words.number,
            view! {
                <ShortAnswer
                    field=Field::Identity
                    name=ANSWER
                    label=words.number_label
                    hint=words.number_hint
                    value
                    locale
                    trouble
                    kind="tel"
                    autocomplete="tel"
                    most=40
                />
            }
            .into_any(),
            muted(words.number_only),
        ),
        IdentityField::Address => (
            words.account,
            view! {
                <ShortAnswer
                    field=Field::Email
                    name=ANSWER
                    label=words.account_label
                    hint=words.account_hint
                    value
                    locale
                    trouble
                    kind="email"
                    autocomplete="username"
                />
            }
            .into_any(),
            lost_mailbox(words.account_lost),
        ),
        IdentityField::Both => (
            words.either,
            view! {
                <ShortAnswer
                    field=Field::Identity
                    name=ANSWER
                    label=words.either_label
                    hint=words.either_hint
                    value
                    locale
                    trouble
                />
            }
            .into_any(),
            muted(words.either_review),
        ),
    };
    Ok(asked.page(title, nothing(), field, after))
}

fn lost_mailbox(lost: &'static str) -> AnyView {
    let privacy = context::services().settings.privacy_address.clone();
    let link = format!("mailto:{privacy}");
    view! {
        <p class="muted">{lost} " " <a href=link>{privacy}</a></p>
    }
    .into_any()
}

/// Which business wrote to you?
pub(crate) async fn business(visit: Visit) -> Result<Page, Detour> {
    let draft = draft(&visit, Step::Business)?;
    let asked = Asked::new(visit, Step::Business, draft);
    let (words, locale) = (&asked.words.form, asked.visit.locale);
    let field = view! {
        <ShortAnswer
            field=Field::Business
            name=ANSWER
            label=words.business_label
            hint=words.business_hint
            value=asked.value(&asked.draft.answers.business)
            locale
            trouble=asked.trouble()
            most=100
            may_be_empty=true
        />
    }
    .into_any();
    let title = words.business;
    let after = muted(words.business_all);
    Ok(asked.page(title, nothing(), field, after))
}

/// Where may we write?
pub(crate) async fn contact(visit: Visit) -> Result<Page, Detour> {
    let draft = draft(&visit, Step::Contact)?;
    let asked = Asked::new(visit, Step::Contact, draft);
    let (words, locale) = (&asked.words.form, asked.visit.locale);
    let field = view! {
        <ShortAnswer
            field=Field::Contact
            name=ANSWER
            label=words.contact_label
            hint=words.contact_hint
            value=asked.value(&asked.draft.answers.contact)
            locale
            trouble=asked.trouble()
            kind="email"
            autocomplete="email"
            may_be_empty=true
        />
    }
    .into_any();
    let title = words.contact;
    let after = muted(words.contact_only);
    Ok(asked.page(title, nothing(), field, after))
}

/// May you ask?
pub(crate) async fn statement(visit: Visit) -> Result<Page, Detour> {
    let draft = draft(&visit, Step::Statement)?;
    let role = draft.answers.role.unwrap_or(Role::EndUser);
    let asked = Asked::new(visit, Step::Statement, draft);
    let (words, locale) = (&asked.words.form, asked.visit.locale);
    let before = view! { <p class="lead">{words.statement_intro}</p> }.into_any();
    let field = view! {
        <Tick
            field=Field::Statement
            name=ANSWER
            label=(words.statement_label)(role)
            ticked=asked.draft.answers.stated
            locale
            trouble=asked.trouble()
        />
    }
    .into_any();
    let title = words.statement;
    let after = muted(words.statement_free);
    Ok(asked.page(title, before, field, after))
}
