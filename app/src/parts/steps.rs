//! Where one is in the wizard.

use erasure::locale::Locale;
use leptos::prelude::*;

use crate::locales::texts;

/// The four steps, the present one marked.
#[component]
pub(crate) fn Steps(locale: Locale, step: usize) -> impl IntoView {
    let words = &texts(locale).wizard;
    let items = words
        .steps
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let number = index + 1;
            let class = match number.cmp(&step) {
                std::cmp::Ordering::Less => "step step-done",
                std::cmp::Ordering::Equal => "step step-current",
                std::cmp::Ordering::Greater => "step",
            };
            view! {
                <li class=class aria-current=(number == step).then_some("step")>
                    <span class="step-number" aria-hidden="true">
                        {number}
                    </span>
                    <span class="step-name">{*name}</span>
                    {(number < step)
                        .then(|| {
                            view! { <span class="visually-hidden">" (" {words.step_done} ")"</span> }
                        })}
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="steps" aria-label=words.steps_label>
            <p class="steps-title">
                <span class="steps-what">{words.title} " · "</span>
                <span class="steps-count">{(words.step_of)(step.min(words.steps.len()), words.steps.len())}</span>
                {words
                    .steps
                    .get(step.saturating_sub(1))
                    .map(|name| {
                        view! {
                            <span class="steps-now" aria-hidden="true">
                                " · "
                                {*name}
                            </span>
                        }
                    })}
            </p>
            <ol>{items}</ol>
        </nav>
    }
}
