//! The desk in figures: pictures, the same numbers as tables, and the register to take away.

use erasure::{
    request::desk::{self, Age, Month},
    staff::Act,
};
use leptos::prelude::*;

use super::{ConsolePlace, Visit, inside};
use crate::{
    answer::Flash,
    console::copy,
    context,
    pages::{Detour, Page},
    parts::{Bars, Ledger, Problems},
};

/// The figures of the last twelve months.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let place = ConsolePlace::Figures;
    let staff = visit.staff(place).await?;
    let figures = match desk::figures(&context::services(), &staff).await {
        Ok(figures) => figures,
        Err(error) => return Err(visit.instead_of_desk(error, staff, place)),
    };
    let flash = visit.take_flash();
    let words = &visit.console().figures;
    let may_export = staff.role().may(Act::ExportRegister);
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{words.title}</h1>
        <p class="lead">{words.intro}</p>
        {months(&visit, &figures.months)}
        {ages(&visit, &figures.ages)}
        {may_export.then(|| export(&visit))}
    };
    Ok(inside(words.title, staff, place, body.into_any()).reporting(&visit, flash.as_ref()))
}

fn months(visit: &Visit, months: &[Month]) -> AnyView {
    let words = &visit.console().figures;
    let zone = &context::services().settings.time_zone;
    let bars = |number: fn(&Month) -> i64| {
        let bars = months
            .iter()
            .map(|month| (zone.month_number(month.at), number(month)));
        bars.collect::<Vec<_>>()
    };
    let rows = months
        .iter()
        .rev()
        .map(|month| {
            let days = month.median_days.map(words.days);
            view! {
                <tr>
                    <th scope="row">{zone.month(month.at, visit.locale)}</th>
                    <td class="number">{month.received}</td>
                    <td class="number">{month.completed}</td>
                    <td class="number">{month.refused}</td>
                    <td class="number">{days.unwrap_or_else(|| "–".to_owned())}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="months">
            <h2 id="months">{words.months}</h2>
            <div class="charts">
                <figure>
                    <figcaption>{words.received}</figcaption>
                    <Bars bars=bars(|month| month.received) />
                </figure>
                <figure>
                    <figcaption>{words.took}</figcaption>
                    <Bars bars=bars(|month| month.median_days.unwrap_or_default()) />
                </figure>
            </div>
            <Ledger caption=words.months columns=vec![words.month, words.received, words.completed, words.refused, words.took] in_section=true>
                {rows}
            </Ledger>
        </section>
    }
    .into_any()
}

fn ages(visit: &Visit, ages: &[Age]) -> AnyView {
    let words = &visit.console().figures;
    let short = |age: &Age| match age.to {
        Some(to) => format!("{}–{to}", age.from),
        None => format!("{}+", age.from),
    };
    let bars: Vec<_> = ages.iter().map(|age| (short(age), age.open)).collect();
    let rows = ages
        .iter()
        .map(|age| {
            view! {
                <tr>
                    <th scope="row">{(words.age)(age.from, age.to)}</th>
                    <td class="number">{age.open}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="ages">
            <h2 id="ages">{words.ages}</h2>
            <div class="charts">
                <figure>
                    <figcaption class="visually-hidden">{words.ages}</figcaption>
                    <Bars bars />
                </figure>
                <table class="ledger">
                    <caption class="visually-hidden">{words.ages}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{words.how_old}</th>
                            <th scope="col">{words.open}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn export(visit: &Visit) -> AnyView {
    let texts = visit.console();
    let words = &texts.figures;
    view! {
        <section class="card" aria-labelledby="register">
            <h2 id="register">{words.register}</h2>
            <p>{words.register_text}</p>
            <form method="post" action=copy::REGISTER>
                <input type="hidden" name="lang" value=visit.locale.as_str() />
                <div class="buttons">
                    <button class="button" type="submit" name="format" value="csv">
                        {texts.audit.copy_csv}
                    </button>
                    <button class="button" type="submit" name="format" value="json">
                        {texts.audit.copy_json}
                    </button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
