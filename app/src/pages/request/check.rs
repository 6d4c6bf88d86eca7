//! All answers on one page, each with the way back to its question. Nothing is sent before the button is pressed.

use erasure::{locale::Locale, request::Role};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Page, Visit, draft, frame};
use crate::{
    answer::Flash,
    api::request::SendRequest,
    asking::{Draft, IdentityField, Step, identity_field},
    context,
    locales::{RequestTexts, request_texts},
    parts::Problems,
};

/// Shows what will be sent.
pub(crate) async fn page(visit: Visit) -> Result<Page, Detour> {
    let draft = draft(&visit, Step::Check)?;
    let flash = visit.take_flash();
    let texts = request_texts(visit.locale);
    let (words, form, locale) = (&texts.check, &texts.form, visit.locale);
    let rows = summary(&draft, texts, locale);
    let body = view! {
        <Problems locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{words.intro}</p>
        <dl class="summary">{rows}</dl>
        <form class="form" method="post" action=SendRequest::url()>
            <input type="hidden" name="lang" value=locale.as_str() />
            <input type="hidden" name="seen" value=draft.seen(&context::services().vault) />
            <p class="muted">{words.next}</p>
            <div class="buttons">
                <button class="button button-primary" type="submit">
                    {words.submit}
                </button>
                <a class="button button-quiet" href=Step::Statement.path(locale) data-step>
                    {form.back}
                </a>
            </div>
        </form>
    };
    let page = Page::new(words.title, frame(Step::Check, &draft), body.into_any());
    Ok(page.reporting(&visit, flash.as_ref()))
}

/// Every answer, each with the way back to its question.
fn summary(draft: &Draft, texts: &'static RequestTexts, locale: Locale) -> AnyView {
    let (words, form) = (&texts.check, &texts.form);
    let answers = &draft.answers;
    let role = answers.role.unwrap_or(Role::EndUser);
    let label = match identity_field(role) {
        IdentityField::Number => form.number_label,
        IdentityField::Address => form.account_label,
        IdentityField::Both => form.either_label,
    };
    let given = |text: &str| {
        if text.is_empty() {
            words.none.to_owned()
        } else {
            text.to_owned()
        }
    };
    let rows = [
        (Step::Who, form.who_short, (form.role)(role).to_owned()),
        (Step::Identity, label, answers.identity.clone()),
        (
            Step::Business,
            form.business_label,
            given(&answers.business),
        ),
        (Step::Contact, form.contact_label, given(&answers.contact)),
        (Step::Statement, words.stated, words.stated_yes.to_owned()),
    ];
    let asked = Step::of(answers.role);
    rows.into_iter()
        .filter(|(step, ..)| asked.contains(step))
        .map(|(step, name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd class="breakable">
                        <bdi>{value}</bdi>
                    </dd>
                    <dd class="summary-change">
                        <a href=step.path(locale) data-step>
                            {words.change}
                            <span class="visually-hidden">" " {name}</span>
                        </a>
                    </dd>
                </div>
            }
        })
        .collect_view()
        .into_any()
}
