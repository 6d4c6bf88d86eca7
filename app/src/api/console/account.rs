//! Setting up an account, and changing one's own.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Sets the account up that a link opens, and signs its member in.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/set-up")]
pub async fn console_set_up(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The secret of the link.
    #[server(default)]
    capability: String,
    /// The new password, as typed.
    #[server(default)]
    new: String,
    /// The app's code, as typed.
    #[server(default)]
    code: String,
    /// Whether the recovery codes are kept.
    #[server(default)]
    kept: String,
) -> Result<(), Trouble> {
    use crate::{console, locales};

    console::set_up(locales::of_form(&lang), &capability, new, code, &kept).await;
    Ok(())
}

/// Changes the own password.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/change-password")]
pub async fn change_staff_password(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The password as it is, as typed.
    #[server(default)]
    present: String,
    /// The password as it will be, as typed.
    #[server(default)]
    new: String,
) -> Result<(), Trouble> {
    use erasure::staff;

    use crate::{console, context, locales, pages::ConsolePlace, wire::ConsoleNotice};

    let locale = locales::of_form(&lang);
    let place = ConsolePlace::Password;
    let Some(member) = console::at_form(locale, place).await else {
        return Ok(());
    };
    let services = context::services();
    let done = staff::change_password(&services, &member, &present.into(), &new.into()).await;
    console::conclude_account(locale, place, done, ConsoleNotice::PasswordChanged);
    Ok(())
}

/// Puts another authenticator app in the place of the present one.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/change-authenticator")]
pub async fn change_authenticator(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The new app's code, as typed.
    #[server(default)]
    code: String,
) -> Result<(), Trouble> {
    use erasure::staff;

    use crate::{
        console, context, locales,
        pages::ConsolePlace,
        wire::{ConsoleNotice, ConsoleTrouble},
    };

    let locale = locales::of_form(&lang);
    let place = ConsolePlace::Authenticator;
    let Some(member) = console::at_form(locale, place).await else {
        return Ok(());
    };
    let Some(shown) = console::shown_enrolment(member.id()) else {
        console::say(locale, place, ConsoleTrouble::PageTooOld);
        return Ok(());
    };
    let services = context::services();
    let done = staff::change_authenticator(&services, &member, &shown, &code.into()).await;
    console::conclude_account(locale, place, done, ConsoleNotice::AuthenticatorChanged);
    Ok(())
}

/// Puts the recovery codes that were shown in the place of the earlier ones.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/renew-recovery-codes")]
pub async fn renew_recovery_codes(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// Whether they are kept.
    #[server(default)]
    kept: String,
) -> Result<(), Trouble> {
    use erasure::staff;

    use crate::{
        console, context, locales,
        pages::ConsolePlace,
        wire::{ConsoleNotice, ConsoleTrouble},
    };

    let locale = locales::of_form(&lang);
    let place = ConsolePlace::RecoveryCodes;
    let Some(member) = console::at_form(locale, place).await else {
        return Ok(());
    };
    let shown = console::shown_enrolment(member.id());
    let (Some(shown), false) = (shown, kept.is_empty()) else {
        let trouble = if kept.is_empty() {
            ConsoleTrouble::CodesNotKept
        } else {
            ConsoleTrouble::PageTooOld
        };
        console::say(locale, place, trouble);
        return Ok(());
    };
    let done = staff::renew_recovery_codes(&context::services(), &member, &shown).await;
    console::conclude_account(locale, place, done, ConsoleNotice::RecoveryCodesRenewed);
    Ok(())
}
