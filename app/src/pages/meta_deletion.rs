//! The page behind the link that Meta shows somebody whose deletion request it forwarded: how it stands, what was deleted, what
//! was not and why, and what somebody does who only wrote with a business. No session, no script; the code in its address
//! opens this one request.

use erasure::facebook_login::{self, Account, ConfirmationCode, Status};
use leptos::prelude::*;

use super::{Detour, Frame, Page, Place, Visit};
use crate::{
    context,
    locales::{MetaDeletionTexts, meta_deletion_texts},
    parts::Moment,
};

/// The request, or the page that says that there is none.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let services = context::services();
    let code = visit.path.rsplit('/').next().unwrap_or_default();
    let Ok(code) = code.parse::<ConfirmationCode>() else {
        return Err(Detour::NotFound);
    };
    let Some(status) = facebook_login::status(&services, &code).await? else {
        return Err(Detour::NotFound);
    };
    let words = meta_deletion_texts(visit.locale);
    let body = view! {
        <h1 tabindex="-1">{words.title}</h1>
        {answer(&visit, words, &status)}
        {facts(&visit, words, &status, &code)}
        {contacts(words)}
        {questions(words)}
    };
    Ok(Page::new(words.title, Frame::Alone, body.into_any()))
}

fn answer(visit: &Visit, words: &'static MetaDeletionTexts, status: &Status) -> AnyView {
    let controller = context::services().settings.controller.clone();
    let Some(account) = status.account else {
        return view! {
            <p class="lead">{words.nothing}</p>
            <p>{(words.nothing_why)(&controller)}</p>
        }
        .into_any();
    };
    let numbers = (status.disconnected > 0)
        .then(|| view! { <li>{(words.numbers_erased)(status.disconnected)}</li> });
    view! {
        <p class="lead">{words.erased}</p>
        <section aria-labelledby="erased">
            <h2 id="erased">{words.erased_heading}</h2>
            <ul>
                <li>{(words.link_erased)(&controller)}</li>
                {numbers}
            </ul>
        </section>
        {rest(visit, words, account, &controller)}
    }
    .into_any()
}

/// What there is besides the login, and why it is not deleted at Meta's word.
fn rest(
    visit: &Visit,
    words: &'static MetaDeletionTexts,
    account: Account,
    controller: &str,
) -> AnyView {
    let (heading, text) = match account {
        Account::WaitsForItsHolder => (words.waits_heading, (words.waits_why)(controller)),
        Account::BeingErased => (words.going_heading, words.going.to_owned()),
        Account::Erased => (words.gone_heading, words.gone.to_owned()),
    };
    let delete = (account == Account::WaitsForItsHolder).then(|| {
        view! {
            <p>{words.waits_how}</p>
            <p>
                <a class="button" href=Place::Overview.path(visit.locale)>
                    {words.delete_account}
                </a>
            </p>
        }
    });
    view! {
        <section aria-labelledby="account">
            <h2 id="account">{heading}</h2>
            <p>{text}</p>
            {delete}
            <p class="muted">{words.kept}</p>
        </section>
    }
    .into_any()
}

fn facts(
    visit: &Visit,
    words: &'static MetaDeletionTexts,
    status: &Status,
    code: &ConfirmationCode,
) -> impl IntoView {
    view! {
        <dl class="facts">
            <div>
                <dt>{words.received}</dt>
                <dd>
                    <Moment at=status.received_at locale=visit.locale />
                </dd>
            </div>
            <div>
                <dt>{words.code}</dt>
                <dd class="breakable">{code.expose().to_owned()}</dd>
            </div>
        </dl>
    }
}

fn contacts(words: &'static MetaDeletionTexts) -> impl IntoView {
    let settings = context::services().settings;
    let link = format!("mailto:{}", settings.privacy_address);
    view! {
        <section aria-labelledby="contacts">
            <h2 id="contacts">{words.contacts_heading}</h2>
            <p>
                {(words.contacts)(&settings.controller)} " "
                <a href=link>{settings.privacy_address.clone()}</a> "."
            </p>
        </section>
    }
}

fn questions(words: &'static MetaDeletionTexts) -> impl IntoView {
    let address = context::services().settings.privacy_address.clone();
    let link = format!("mailto:{address}");
    view! {
        <p class="muted">
            {words.questions} " " <a href=link>{address}</a> ". "
            {words.complain}
        </p>
    }
}
