//! Step 3: the code from the letter, and the one button that names what it does.

use erasure::account::{self, CodeSent, Preview};
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Page, Place, Visit, consequences, step};
use crate::{
    answer::{self, Flash},
    api::account::{ConfirmDeletion, SendCode},
    context,
    locales::Texts,
    parts::{CodeEntry, NoticeBox, Problems, ResendCode},
    wire::Notice,
};

/// Shows the field while a code is alive, and always a way to get another.
pub(crate) async fn page(visit: Visit) -> Result<Page, Detour> {
    let session = visit.session(Place::Code).await?;
    let services = context::services();
    let code = account::current_code(&services, &session).await?;
    if code.is_none() && !session.proof_is_fresh(services.now()) {
        let identity = Place::Identity.path(visit.locale);
        // What was to be said here is said there: the code expired, and so did the proof.
        if let Some(trouble) = visit.take_flash().as_ref().and_then(Flash::trouble) {
            answer::refuse(&identity, trouble, "");
        }
        return Err(Detour::To(identity));
    }
    let preview = account::preview(&services, &session).await?;
    let flash = visit.take_flash();
    let trouble = flash.as_ref().and_then(Flash::trouble);
    let texts = visit.texts();
    let title = if code.is_some() {
        texts.code.title
    } else {
        texts.code.title_without
    };
    let body = view! {
        <Problems locale=visit.locale trouble />
        <h1 tabindex="-1">{title}</h1>
        {notice(texts, code.as_ref(), flash.as_ref())}
        {code
            .as_ref()
            .map(|code| confirm_form(&visit, texts, code, &preview, flash.as_ref()))}
        <ResendCode visit=&visit code=code.as_ref() action=SendCode::url() now=services.now() />
        {help(texts)}
    };
    let page = Page::new(title, step(3), body.into_any()).reporting(&visit, flash.as_ref());
    Ok(match code {
        Some(code) if !code.delivered && trouble.is_none() => {
            answer::set_retry_after(code.resend_at.since(services.now()));
            page.with_status(StatusCode::SERVICE_UNAVAILABLE)
        }
        _ => page,
    })
}

fn notice(texts: &'static Texts, code: Option<&CodeSent>, flash: Option<&Flash>) -> AnyView {
    let words = &texts.code;
    let sent_again = flash.and_then(Flash::notice) == Some(Notice::CodeSentAgain);
    match code {
        None => view! { <p class="lead">{words.none_valid}</p> }.into_any(),
        Some(code) if !code.delivered => {
            let text = (words.not_delivered)(&code.to);
            view! { <NoticeBox warning=true>{text}</NoticeBox> }.into_any()
        }
        Some(code) => view! {
            {sent_again.then(|| view! { <NoticeBox>{words.sent_again}</NoticeBox> })}
            <p class="lead">
                {words.sent_to} " " <strong class="unbroken">{code.to.clone()}</strong> "."
            </p>
        }
        .into_any(),
    }
}

fn confirm_form(
    visit: &Visit,
    texts: &'static Texts,
    code: &CodeSent,
    preview: &Preview,
    flash: Option<&Flash>,
) -> AnyView {
    let words = &texts.code;
    let total: i64 = preview.counts.iter().map(|count| count.records).sum();
    view! {
        <form class="form" method="post" action=ConfirmDeletion::url() novalidate>
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            <CodeEntry visit code flash now=context::services().now() />
            <section class="recap" aria-labelledby="recap">
                <h2 id="recap">{words.recap}</h2>
                {consequences(texts, &preview.consequences, preview.cancel_window)}
                <p>
                    <strong>{(words.recap_total)(total)}</strong>
                </p>
                <p>
                    {preview
                        .cancel_window
                        .map_or_else(|| words.final_now.to_owned(), words.final_later)}
                </p>
            </section>
            <div class="buttons">
                <button class="button button-danger" type="submit">
                    {words.submit}
                </button>
                <a class="button button-quiet" href=Place::Overview.path(visit.locale) data-step>
                    {texts.wizard.back}
                </a>
            </div>
        </form>
    }
    .into_any()
}

fn help(texts: &'static Texts) -> AnyView {
    let words = &texts.code;
    let support = context::services().settings.support_address.clone();
    let link = format!("mailto:{support}");
    view! {
        <details class="help">
            <summary>{words.help}</summary>
            <ul>
                <li>{words.help_spam}</li>
                <li>{words.help_wait}</li>
                <li>{words.help_address} " " <a href=link>{support}</a></li>
            </ul>
        </details>
    }
    .into_any()
}
