//! What names a person. Parsed once, never printed: `Debug` is redacted and there is no `Display`.
//!
//! Somebody on WhatsApp is known by a [`PhoneNumber`], by a [`BusinessScopedUserId`] (a username hides the number), or by
//! both. Somebody with a sign-in, and whoever writes to us, has an [`EmailAddress`]. What a person has proved to be theirs is
//! an [`Identity`]: it alone selects data. A customer who connected a number by Facebook Login also has an
//! [`AppScopedUserId`], which Meta names when it forwards a request.

mod app_scoped_user_id;
mod business_scoped_user_id;
mod email;
mod identity;
mod phone_number;

pub use self::{
    app_scoped_user_id::{AppScopedUserId, MalformedAppScopedUserId},
    business_scoped_user_id::{BusinessScopedUserId, MalformedUserId},
    email::{EmailAddress, MalformedEmail},
    identity::Identity,
    phone_number::{MalformedWaId, PhoneNumber, PhoneNumberError},
};
