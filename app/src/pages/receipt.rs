//! The receipt: what a person keeps as proof, also on paper.

use erasure::{
    receipt::{KeptKind, KeptReceipt, MetaReceipt, Receipt},
    time::Timestamp,
};
use leptos::prelude::*;

use super::{Place, Visit};
use crate::{
    context,
    locales::{Texts, check, journal, keep, number},
    parts::Moment,
};

/// The whole receipt; `source` is the address of its machine-readable sister.
pub(super) fn body(visit: &Visit, receipt: &Receipt, source: &str) -> AnyView {
    let texts = visit.texts();
    let words = &texts.receipt;
    let locale = visit.locale;
    view! {
        <p class="lead">{(words.intro)(&receipt.completed_at.to_date(locale))}</p>
        <p class="buttons no-print">
            <a class="button button-primary" href=format!("{source}/receipt") download>
                {words.download}
            </a>
        </p>
        {article(visit, receipt)}
        <p class="muted no-print">{words.print_hint}</p>
        <p class="no-print">
            <a href=Place::Receipt.path(locale)>{check(locale).invitation}</a>
        </p>
        {questions(texts, receipt)}
    }
    .into_any()
}

/// What it says, without anything around it.
pub(super) fn article(visit: &Visit, receipt: &Receipt) -> impl IntoView + use<> {
    let texts = visit.texts();
    view! {
        <article class="receipt">
            {facts(visit, texts, receipt)}
            {counts(visit, texts, receipt)}
            {verification(visit, texts, receipt)}
            {kept(visit, texts, receipt)}
            {meta(texts, &receipt.meta)}
            {held(visit, receipt)}
        </article>
    }
    .into_any()
}

fn facts(visit: &Visit, texts: &'static Texts, receipt: &Receipt) -> impl IntoView {
    let words = &texts.receipt;
    let locale = visit.locale;
    view! {
        <section aria-labelledby="facts">
            <h2 id="facts">{words.facts}</h2>
            <dl class="facts">
                <div>
                    <dt>{texts.erasure.reference}</dt>
                    <dd>{receipt.reference.clone()}</dd>
                </div>
                <div>
                    <dt>{words.requested}</dt>
                    <dd>
                        <Moment at=receipt.requested_at locale />
                    </dd>
                </div>
                <div>
                    <dt>{words.completed}</dt>
                    <dd>
                        <Moment at=receipt.completed_at locale />
                    </dd>
                </div>
                <div>
                    <dt>{words.controller}</dt>
                    <dd>{receipt.controller.clone()}</dd>
                </div>
            </dl>
        </section>
    }
}

fn counts(visit: &Visit, texts: &'static Texts, receipt: &Receipt) -> impl IntoView {
    let words = &texts.receipt;
    let locale = visit.locale;
    let rows = receipt
        .categories
        .iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row">{(texts.common.category)(row.category)}</th>
                    <td class="number">{number(locale, row.found)}</td>
                    <td class="number">{number(locale, row.erased)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="counts">
            <h2 id="counts">{words.counts}</h2>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{texts.overview.what}</th>
                        <th scope="col" class="number">{words.found}</th>
                        <th scope="col" class="number">{words.erased}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

fn verification(visit: &Visit, texts: &'static Texts, receipt: &Receipt) -> impl IntoView {
    let words = &texts.receipt;
    let check = &receipt.verification;
    let found = match check.found {
        0 => words.verified_nothing.to_owned(),
        found => (words.verified_left)(found),
    };
    let journal = receipt
        .journal
        .map(|journal| view! { <p>{journal::sentences(visit.locale, journal)}</p> });
    view! {
        <section aria-labelledby="verification">
            <h2 id="verification">{words.verification}</h2>
            <p>
                {(words.verified)(check.tables, check.columns)} " " <strong>{found}</strong> " "
                {words.verified_at} " " <Moment at=check.at locale=visit.locale /> "."
            </p>
            {journal}
        </section>
    }
}

fn kept(visit: &Visit, texts: &'static Texts, receipt: &Receipt) -> impl IntoView {
    let locale = visit.locale;
    let item = |kept: &KeptReceipt| {
        view! {
            <li class="kept">
                <strong>{(texts.common.kept)(kept.what)}</strong>
                {kept
                    .records
                    .map(|records| {
                        view! { <span class="muted">{(texts.overview.kept_records)(records)}</span> }
                    })}
                <span class="tag">{(texts.overview.kept_until)(&kept.until.to_date(locale))}</span>
                <span class="kept-why">{(keep(locale).why)(kept.what, &kept.basis)}</span>
            </li>
        }
    };
    // The list says it already, as a rule.
    let listed = receipt
        .kept
        .iter()
        .any(|kept| kept.what == KeptKind::Backups);
    let backups = (!listed).then(|| {
        let date = receipt.backups_gone_by.to_date(locale);
        view! { <p>{(texts.receipt.backups)(&date)}</p> }
    });
    view! {
        <section aria-labelledby="kept">
            <h2 id="kept">{texts.overview.kept}</h2>
            <ul class="kept-list">{receipt.kept.iter().map(item).collect_view()}</ul>
            {backups}
        </section>
    }
}

fn meta(texts: &'static Texts, undone: &[MetaReceipt]) -> impl IntoView {
    let words = &texts.receipt;
    let list = if undone.is_empty() {
        view! { <p>{words.meta_none}</p> }.into_any()
    } else {
        let item = |row: &MetaReceipt| {
            view! {
                <li>
                    <span class="rows-name">{(words.meta_act)(row.act)}</span>
                    <span class="tag">{(words.meta_result)(&row.result)}</span>
                </li>
            }
        };
        view! { <ul class="rows">{undone.iter().map(item).collect_view()}</ul> }.into_any()
    };
    view! {
        <section aria-labelledby="meta">
            <h2 id="meta">{words.meta}</h2>
            {list}
        </section>
    }
}

/// Why it took longer, where a legal hold kept it waiting.
fn held(visit: &Visit, receipt: &Receipt) -> Option<impl IntoView + use<>> {
    let words = &keep(visit.locale).held;
    let held = receipt.held.as_ref()?;
    let day = |moment: Timestamp| moment.to_date(visit.locale);
    Some(view! {
        <section aria-labelledby="held">
            <h2 id="held">{words.title}</h2>
            <p>
                {(words.was)(&day(held.since), &day(held.until))} " " {(words.reason)(held.basis)}
            </p>
        </section>
    })
}

fn questions(texts: &'static Texts, receipt: &Receipt) -> impl IntoView {
    let address = context::services().settings.privacy_address.clone();
    let link = format!("mailto:{address}?subject={}", receipt.reference);
    view! {
        <p class="muted">{texts.receipt.questions} " " <a href=link>{address}</a></p>
    }
}
