//! The stages of an erasure, each with its state in words and in shape.

use erasure::progress::{Stage, StageProgress, StageState};
use leptos::prelude::*;

use crate::locales::Texts;

/// The list; its attributes hold the words that the browser needs when a state changes.
#[component]
pub(crate) fn Stages(texts: &'static Texts, stages: Vec<StageProgress>) -> impl IntoView {
    let words = &texts.erasure;
    let items = stages
        .into_iter()
        .map(|row| {
            view! {
                <li
                    class="stage"
                    data-stage=Stage::as_str(row.stage)
                    data-state=state_name(row.state)
                >
                    <span data-stage-name>{(words.stage)(row.stage)}</span>
                    <span class="stage-state" data-stage-state>
                        {(words.stage_state)(row.state)}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="visually-hidden" role="status" data-summary=words.summary></p>
        <ol
            class="stages"
            data-stages
            data-pending=(words.stage_state)(StageState::Pending)
            data-running=(words.stage_state)(StageState::Running)
            data-done=(words.stage_state)(StageState::Done)
            data-unconfirmed=(words.stage_state)(StageState::Unconfirmed)
        >
            {items}
        </ol>
    }
}

/// The word that the JSON status uses.
const fn state_name(state: StageState) -> &'static str {
    match state {
        StageState::Pending => "pending",
        StageState::Running => "running",
        StageState::Done => "done",
        StageState::Unconfirmed => "unconfirmed",
    }
}
