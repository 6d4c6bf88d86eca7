//! The wizard that deletes an account: what will go, who is there, the code. The fourth step is the erasure's own page.
//!
//! Each step is a page with an address; a form of each posts to `api::account`, which decides what comes next. Steps cannot
//! be skipped: the domain refuses a code without a fresh proof, and a confirmation without a code.

mod code;
mod identity;
mod overview;

use std::time::Duration;

use erasure::account::{Consequence, ConsequenceKind};
use leptos::prelude::*;

pub(super) use self::{code::page as code, identity::page as identity, overview::page as overview};
use super::{Detour, Frame, Page, Place, Visit};
use crate::locales::Texts;

/// What stands around a step that can still be left.
const fn step(number: usize) -> Frame {
    Frame::Wizard {
        step: Some(number),
        leave: true,
        refresh: false,
    }
}

/// Each organization, and what happens to it, in plain sentences.
fn consequences(
    texts: &'static Texts,
    consequences: &[Consequence],
    window: Option<Duration>,
) -> AnyView {
    let items = consequences
        .iter()
        .map(|consequence| item(texts, consequence, window.unwrap_or_default()))
        .collect_view();
    view! { <ul class="consequences">{items}</ul> }.into_any()
}

fn item(texts: &'static Texts, consequence: &Consequence, window: Duration) -> impl IntoView {
    let words = &texts.overview;
    let name = &consequence.organization_name;
    let (heading, lines) = match consequence.kind {
        ConsequenceKind::OrganizationErased { people } => (
            (words.organization_erased)(name),
            vec![
                words.sole_owner.to_owned(),
                (words.others_lose_access)(people),
            ],
        ),
        ConsequenceKind::OrganizationErasedAfterWindow {
            other_owners,
            people,
        } => (
            (words.organization_erased_later)(name),
            vec![
                (words.other_owners)(other_owners, window),
                (words.others_lose_access)(people),
            ],
        ),
        ConsequenceKind::AccessLeft => (
            (words.access_left)(name),
            vec![words.access_left_text.to_owned()],
        ),
    };
    let class = match consequence.kind {
        ConsequenceKind::AccessLeft => "consequence consequence-mild",
        ConsequenceKind::OrganizationErased { .. }
        | ConsequenceKind::OrganizationErasedAfterWindow { .. } => "consequence",
    };
    view! {
        <li class=class>
            <strong>{heading}</strong>
            {lines.into_iter().map(|line| view! { <span>{line}</span> }).collect_view()}
        </li>
    }
}
