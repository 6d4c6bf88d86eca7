//! The legal holds: why each stands, when it is looked at again, and who wishes to lift it.

use erasure::{
    request::desk::{self, HoldShown},
    staff::{Act, Staff},
    time::Timestamp,
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{ConsolePlace, Visit, inside};
use crate::{
    answer::Flash,
    api::console::ActOnHold,
    console::desk::Draft,
    context,
    pages::{Detour, Page},
    parts::{DayField, Ledger, LineField, NoticeBox, Problems},
};

/// The list, and for officers the forms.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let place = ConsolePlace::Holds;
    let staff = visit.staff(place).await?;
    let holds = match desk::holds(&context::services(), &staff).await {
        Ok(holds) => holds,
        Err(error) => return Err(visit.instead_of_desk(error, staff, place)),
    };
    let flash = visit.take_flash();
    let draft = Draft::read(flash.as_ref().map_or("", Flash::typed));
    let words = &visit.console().desk.holds;
    let table = if holds.is_empty() {
        view! { <p>{words.nothing}</p> }.into_any()
    } else {
        table(&visit, &staff, &holds, &draft)
    };
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{words.title}</h1>
        {visit.good_news(flash.as_ref()).map(|text| view! { <NoticeBox>{text}</NoticeBox> })}
        <p class="lead">{words.intro}</p>
        {table}
    };
    Ok(inside(words.title, staff, place, body.into_any()).reporting(&visit, flash.as_ref()))
}

fn table(visit: &Visit, staff: &Staff, holds: &[HoldShown], draft: &Draft) -> AnyView {
    let words = &visit.console().desk.holds;
    let may_change = staff.role().may(Act::LiftHold);
    let rows = holds
        .iter()
        .map(|hold| row(visit, hold, draft, may_change))
        .collect_view();
    let mut columns = vec![
        words.about,
        words.basis,
        words.owner,
        words.review,
        words.ends,
        words.waiting,
    ];
    columns.extend(may_change.then_some(words.actions));
    view! {
        <Ledger caption=words.caption columns=columns>
            {rows}
        </Ledger>
    }
    .into_any()
}

fn row(visit: &Visit, shown: &HoldShown, draft: &Draft, may_change: bool) -> AnyView {
    let desk = &visit.console().desk;
    let words = &desk.holds;
    let hold = &shown.hold;
    let date = |at: Timestamp| {
        let zone = &context::services().settings.time_zone;
        zone.date(at, visit.locale)
    };
    let basis = hold.basis.parse().map_or_else(
        |_| hold.basis.clone(),
        |basis| (desk.basis)(basis).to_owned(),
    );
    let ends = hold
        .ended_at
        .map_or_else(|| date(hold.expires_at), |at| (words.ended)(&date(at)));
    let is_over = hold.ended_at.is_some();
    let late = hold
        .is_past_review
        .then(|| view! { " " <span class="tag tag-alert">{words.late}</span> });
    let wish = shown.wish.as_ref().map(|wish| {
        let said = (words.wished)(&wish.by, &date(wish.expires_at));
        let reason = wish.reason.expose().to_owned();
        view! {
            <p class="small">{said}</p>
            <blockquote dir="auto">{reason}</blockquote>
            {wish.is_own.then(|| view! { <p class="small">{words.wished_own}</p> })}
        }
    });
    let changes = (may_change && !is_over).then(|| changes(visit, shown, draft));
    view! {
        <tr>
            <th scope="row">
                {(words.kind)(&hold.kind)} " " <code class="id">{hold.subject.clone()}</code>
                {hold.note.clone().map(|note| view! { <span class="hint">" " {note}</span> })}
            </th>
            <td>{basis}</td>
            <td class="breakable">{hold.owner.clone()}</td>
            <td class="unbroken">{(!is_over).then(|| date(hold.review_at))} {late}</td>
            <td class="unbroken">{ends}</td>
            <td class="number">{hold.held_erasures}</td>
            {may_change.then(|| view! { <td>{wish} {changes}</td> })}
        </tr>
    }
    .into_any()
}

fn changes(visit: &Visit, shown: &HoldShown, draft: &Draft) -> AnyView {
    let words = &visit.console().desk.holds;
    let hold = &shown.hold;
    let hidden = |act: Act| {
        view! {
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            <input type="hidden" name="hold" value=hold.id.clone() />
            <input type="hidden" name="act" value=act.as_str() />
        }
    };
    let typed = |act: Act, value: &String| {
        if draft.is_of(act, &hold.id) {
            value.clone()
        } else {
            String::new()
        }
    };
    let lift_label = if shown.wish.is_some() {
        words.agree
    } else {
        words.lift
    };
    let is_open = [Act::ReviewHold, Act::LiftHold]
        .iter()
        .any(|act| draft.is_of(*act, &hold.id));
    let is_own = shown.wish.as_ref().is_some_and(|wish| wish.is_own);
    let lift = (!is_own).then(|| {
        view! {
            <form method="post" action=ActOnHold::url()>
                {hidden(Act::LiftHold)} <p class="hint">{words.lift_text}</p>
                <LineField
                    id=format!("lift-{}", hold.id)
                    name="words"
                    label=words.lift_reason
                    value=typed(Act::LiftHold, &draft.words)
                />
                <button class="button button-danger-quiet" type="submit">
                    {lift_label}
                </button>
            </form>
        }
    });
    view! {
        <details class="fold" open=is_open>
            <summary>
                {words.change} <span class="visually-hidden">{(words.change_of)(&hold.id)}</span>
            </summary>
            <form method="post" action=ActOnHold::url()>
                {hidden(Act::ReviewHold)}
                <DayField
                    id=format!("review-{}", hold.id)
                    name="day"
                    label=words.review_day
                    value=typed(Act::ReviewHold, &draft.day)
                    is_needed=true
                />
                <button class="button" type="submit">
                    {words.review_submit}
                </button>
            </form>
            {lift}
        </details>
    }
    .into_any()
}
