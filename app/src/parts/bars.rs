//! A chart of bars, drawn here: it needs no script, and no style but the sheet's. The numbers stand in a table beside it.

use leptos::prelude::*;

/// The room of one bar, in the picture's own units.
const STEP: i64 = 40;
/// The tallest bar.
const TALLEST: i64 = 100;
/// Above the tallest bar: its number. Below the bars: their names.
const MARGIN: i64 = 20;

/// Bars from left to right, each with its name and its number.
#[component]
pub(crate) fn Bars(bars: Vec<(String, i64)>) -> impl IntoView {
    let count = i64::try_from(bars.len()).unwrap_or_default();
    let (width, height) = (count * STEP, TALLEST + 2 * MARGIN);
    let most = bars
        .iter()
        .map(|(_, number)| *number)
        .max()
        .unwrap_or_default();
    let drawn = (0_i64..)
        .zip(bars)
        .map(|(place, (name, number))| {
            let tall = height_of(number, most);
            let (left, top) = (place * STEP, MARGIN + TALLEST - tall);
            let middle = left + STEP / 2;
            view! {
                <rect
                    class="bar"
                    x=(left + 6).to_string()
                    y=top.to_string()
                    width=(STEP - 12).to_string()
                    height=tall.to_string()
                    rx="2"
                />
                <text class="bar-number" x=middle.to_string() y=(top - 5).to_string()>
                    {number}
                </text>
                <text class="bar-name" x=middle.to_string() y=(height - 5).to_string()>
                    {name}
                </text>
            }
        })
        .collect_view();
    view! {
        <svg class="bars" viewBox=format!("0 0 {width} {height}") aria-hidden="true" focusable="false">
            {drawn}
        </svg>
    }
}

/// As tall as its share of the tallest; what is not nothing can be seen.
fn height_of(number: i64, most: i64) -> i64 {
    let share = (number.max(0) * TALLEST)
        .checked_div(most)
        .unwrap_or_default();
    if number > 0 { share.max(2) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_tall_as_their_share_and_nothing_is_no_bar() {
        assert_eq!(height_of(10, 10), TALLEST);
        assert_eq!(height_of(5, 10), TALLEST / 2);
        assert_eq!(height_of(1, 10_000), 2, "what is there can be seen");
        assert_eq!(height_of(0, 10), 0);
        assert_eq!(height_of(0, 0), 0);
    }
}
