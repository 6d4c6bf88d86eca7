//! Enums whose variants have a fixed word in the database and in JSON.

/// The text is not one of the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of the words")]
pub struct UnknownWord;

/// Declares an enum of fixed words: `enum Role { EndUser = "end_user" }` becomes that enum, copyable and comparable, with
/// `Role::ALL`, `Role::as_str`, `FromStr`, and serde and the API's description in the same words. (A word is a `tt`: what a
/// derive macro gets of a `literal` is no literal to it, and the description would name the variants instead.)
macro_rules! named {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:tt),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that the database and JSON use.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::named::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text).ok_or($crate::named::UnknownWord)
            }
        }
    };
}
pub(crate) use named;
