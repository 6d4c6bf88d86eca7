//! Step 1: what will be deleted, what is kept, what happens at Meta, and when.

use erasure::account::{self, CategoryCount, ConnectedNumber, Kept, Preview};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Detour, Page, Place, Visit, consequences, step};
use crate::{
    answer::Flash,
    api::account::BeginDeletion,
    context,
    locales::{Texts, keep, number},
    parts::Problems,
};

/// Meta's page on which the owner manages what belongs to Meta.
const META_SETTINGS: &str = "https://business.facebook.com/settings/whatsapp-business-accounts";

/// Reads the plan and shows all of it.
pub(crate) async fn page(visit: Visit) -> Result<Page, Detour> {
    let session = visit.session(Place::Overview).await?;
    let services = context::services();
    let preview = account::preview(&services, &session).await?;
    let flash = visit.take_flash();
    let texts = visit.texts();
    let words = &texts.overview;
    let body = view! {
        <Problems
            locale=visit.locale
            trouble=flash.as_ref().and_then(Flash::trouble)
        />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{(words.intro)(&services.settings.controller)}</p>
        {changes(texts, &preview)}
        {counts(&visit, texts, &preview.counts)}
        {kept(&visit, texts, &preview.kept)}
        {meta(texts, &preview.whatsapp_numbers)}
        <section aria-labelledby="export">
            <h2 id="export">{keep(visit.locale).export.title}</h2>
            <p>{keep(visit.locale).export.before_deleting}</p>
            <p>
                <a href=Place::Export.path(visit.locale)>{keep(visit.locale).export.link}</a>
            </p>
        </section>
        <section aria-labelledby="when">
            <h2 id="when">{words.when}</h2>
            <p>{preview.cancel_window.map_or_else(|| words.when_now.to_owned(), words.when_later)}</p>
        </section>
        <form class="actions" method="post" action=BeginDeletion::url()>
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            {deregistration(texts, &preview.whatsapp_numbers)}
            <p class="muted">{words.nothing_yet}</p>
            <button class="button button-primary" type="submit">
                {texts.common.continue_}
            </button>
            <a class="button button-quiet" href=Place::DangerZone.path(visit.locale)>
                {texts.wizard.leave}
            </a>
        </form>
    };
    Ok(Page::new(words.title, step(1), body.into_any()).reporting(&visit, flash.as_ref()))
}

fn changes(texts: &'static Texts, preview: &Preview) -> AnyView {
    let words = &texts.overview;
    let list = if preview.consequences.is_empty() {
        view! { <p>{words.no_organization}</p> }.into_any()
    } else {
        consequences(texts, &preview.consequences, preview.cancel_window)
    };
    view! {
        <section aria-labelledby="changes">
            <h2 id="changes">{words.consequences}</h2>
            {list}
            <p class="muted">
                <strong>{words.person_erased}</strong>
                ". "
                {words.person_erased_text}
            </p>
        </section>
    }
    .into_any()
}

fn counts(visit: &Visit, texts: &'static Texts, counts: &[CategoryCount]) -> AnyView {
    let words = &texts.overview;
    let locale = visit.locale;
    let sum: i64 = counts.iter().map(|count| count.records).sum();
    let row = |count: &CategoryCount| {
        view! {
            <tr>
                <th scope="row">
                    {(texts.common.category)(count.category)}
                    <span class="hint">{(texts.common.category_hint)(count.category)}</span>
                </th>
                <td class="number">{number(locale, count.records)}</td>
            </tr>
        }
    };
    view! {
        <section aria-labelledby="counts">
            <h2 id="counts">{words.counts}</h2>
            <table class="table">
                <caption class="visually-hidden">{words.counts_caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.what}</th>
                        <th scope="col" class="number">{words.records}</th>
                    </tr>
                </thead>
                <tbody>{counts.iter().map(row).collect_view()}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{words.sum}</th>
                        <td class="number">{number(locale, sum)}</td>
                    </tr>
                </tfoot>
            </table>
        </section>
    }
    .into_any()
}

fn kept(visit: &Visit, texts: &'static Texts, kept: &[Kept]) -> AnyView {
    let words = &texts.overview;
    let locale = visit.locale;
    let item = |kept: &Kept| {
        view! {
            <li class="kept">
                <strong>{(texts.common.kept)(kept.what)}</strong>
                {kept
                    .records
                    .map(|records| {
                        view! { <span class="muted">{(words.kept_records)(records)}</span> }
                    })}
                <span class="tag">{(words.kept_until)(&kept.until.to_date(locale))}</span>
                <span class="kept-why">{(keep(locale).why)(kept.what, &kept.basis)}</span>
            </li>
        }
    };
    view! {
        <section aria-labelledby="kept">
            <h2 id="kept">{words.kept}</h2>
            <p>{words.kept_intro}</p>
            <ul class="kept-list">{kept.iter().map(item).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// A choice that only the owner can make; nothing is chosen for them.
fn deregistration(texts: &'static Texts, numbers: &[ConnectedNumber]) -> Option<AnyView> {
    let words = &texts.overview;
    let choice = |number: &ConnectedNumber| {
        let id = format!("deregister-{}", number.id);
        view! {
            <div class="choice">
                <input
                    id=id.clone()
                    type="checkbox"
                    name="deregister[]"
                    value=number.id.clone()
                    checked=number.deregistered
                />
                <label for=id>{(words.deregister)(&number.number)}</label>
            </div>
        }
    };
    (!numbers.is_empty()).then(|| {
        view! {
            <fieldset class="field choices">
                <legend>{words.deregister_title}</legend>
                <p class="hint">{words.deregister_why}</p>
                {numbers.iter().map(choice).collect_view()}
            </fieldset>
        }
        .into_any()
    })
}

fn meta(texts: &'static Texts, numbers: &[ConnectedNumber]) -> AnyView {
    let words = &texts.overview;
    let content = if numbers.is_empty() {
        view! { <p>{words.meta_none}</p> }.into_any()
    } else {
        let number = |number: &ConnectedNumber| view! { <li>{number.number.clone()}</li> };
        view! {
            <p>{(words.meta_numbers)(numbers.len())}</p>
            <ul class="numbers">{numbers.iter().map(number).collect_view()}</ul>
            <p>{words.meta_yours}</p>
            <ol>{words.meta_steps.map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
            <p>
                <a href=META_SETTINGS rel="noreferrer external">
                    {words.meta_link}
                </a>
            </p>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="meta">
            <h2 id="meta">{words.meta}</h2>
            {content}
        </section>
    }
    .into_any()
}
