//! What somebody is shown while they enrol: the picture for the app, the same in letters, and the recovery codes.

use std::fmt::Write as _;

use erasure::staff::RecoveryCode;
use fast_qr::QRBuilder;
use leptos::prelude::*;

use crate::locales::ConsoleTexts;

/// Modules of white around the code, which scanners need (ISO/IEC 18004 asks for four).
const QUIET_ZONE: usize = 4;

/// The picture that says this address, and the key in groups of letters for those who cannot scan it.
pub(crate) fn app_picture(texts: &'static ConsoleTexts, address: &str, letters: &str) -> AnyView {
    let words = &texts.set_up;
    let (side, path) = modules(address);
    let view_box = format!("0 0 {side} {side}");
    view! {
        <figure class="app-picture">
            <svg viewBox=view_box role="img" aria-label=words.app_picture shape-rendering="crispEdges">
                <rect class="app-ground" width=side.to_string() height=side.to_string()></rect>
                <path class="app-modules" d=path></path>
            </svg>
            <figcaption>
                {words.app_letters} " " <code class="app-letters">{letters.to_owned()}</code>
            </figcaption>
        </figure>
    }
    .into_any()
}

/// The side of the picture, and its dark modules as one path.
fn modules(text: &str) -> (usize, String) {
    let Ok(code) = QRBuilder::new(text).build() else {
        return (QUIET_ZONE * 2, String::new()); // the letters are enough
    };
    let mut path = String::new();
    for (row, modules) in code.data.chunks(code.size).take(code.size).enumerate() {
        let dark = modules
            .iter()
            .enumerate()
            .filter(|(_, module)| module.value());
        for (column, _) in dark {
            let (column, row) = (column + QUIET_ZONE, row + QUIET_ZONE);
            let _ = write!(path, "M{column} {row}h1v1h-1z");
        }
    }
    (code.size + QUIET_ZONE * 2, path)
}

/// The recovery codes, to be written down.
pub(crate) fn recovery_codes_list(codes: &[RecoveryCode]) -> AnyView {
    let items = codes
        .iter()
        .map(|code| view! { <li>{code.grouped()}</li> })
        .collect_view();
    view! { <ol class="recovery-codes">{items}</ol> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_its_three_corners_and_its_quiet_zone() {
        let (side, path) = modules("otpauth://totp/Qliento:ada%40qliento.example?secret=ABCDEFGH");

        let dark = |column: usize, row: usize| path.contains(&format!("M{column} {row}h"));
        let last = side - QUIET_ZONE - 1;
        for (column, row) in [
            (QUIET_ZONE, QUIET_ZONE),
            (last, QUIET_ZONE),
            (QUIET_ZONE, last),
        ] {
            assert!(dark(column, row), "{column} {row}");
        }
        assert!(!dark(0, 0) && !dark(QUIET_ZONE - 1, QUIET_ZONE));
    }
}
