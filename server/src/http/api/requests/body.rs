//! From a JSON body to what the domain takes, or to the list of everything that is wrong with it.
//!
//! Each fault names its place by a JSON pointer (RFC 6901) and says one fixed sentence: nothing that was sent is repeated.

use axum::{
    body::Bytes,
    http::{HeaderMap, header},
};
use erasure::{
    locale::Locale,
    person::{EmailAddress, Identity, PhoneNumber, PhoneNumberError},
    request::{
        BusinessNameError, Channel, Role,
        idempotency::IdempotencyKey,
        submit::{Ask, Asker, Statement},
    },
};
use serde_json::{Map, Value};

use super::super::super::problem::{FieldError, Problem};

/// The members of a body, and what was found wrong with them so far.
pub(super) struct Body {
    members: Map<String, Value>,
    faults: Vec<FieldError>,
}

impl Body {
    /// Reads an object with no other members than these.
    pub(super) fn read(headers: &HeaderMap, body: &Bytes, known: &[&str]) -> Result<Self, Problem> {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let media_type = kind
            .and_then(|kind| kind.split(';').next())
            .unwrap_or_default();
        if !media_type.trim().eq_ignore_ascii_case("application/json") {
            return Err(Problem::UnsupportedMediaType);
        }
        let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
            return Err(Problem::Malformed);
        };
        let is_foreign = |name: &String| !known.contains(&name.as_str());
        let mut faults = Vec::new();
        if members.keys().any(is_foreign) {
            faults.push(FieldError::new(
                "",
                "there are members that this address does not know",
            ));
        }
        Ok(Self { members, faults })
    }

    /// A text, if it is there and not null.
    pub(super) fn text(&mut self, name: &str, pointer: &'static str) -> Option<String> {
        match self.members.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.fault(pointer, "this has to be a text");
                None
            }
        }
    }

    pub(super) fn fault(&mut self, pointer: &'static str, detail: &'static str) {
        self.faults.push(FieldError::new(pointer, detail));
    }

    fn keep<T>(&mut self, pointer: &'static str, read: Result<T, &'static str>) -> Option<T> {
        read.map_err(|detail| self.fault(pointer, detail)).ok()
    }

    /// What came of it: everything, or every fault.
    pub(super) fn finish<T>(self, read: Option<T>) -> Result<T, Problem> {
        match read {
            Some(read) if self.faults.is_empty() => Ok(read),
            Some(_) | None => Err(Problem::Fields(self.faults)),
        }
    }

    /// A request that somebody makes on a customer's site.
    pub(super) fn ask(mut self) -> Result<Ask, Problem> {
        let role = self.role();
        let identity = self.identity();
        let asker = role.zip(identity).and_then(|(role, identity)| {
            let asker = Asker::new(role, identity);
            self.keep("/identity/kind", asker.map_err(|_| {
                "an end user is known by a phone number, an account holder by an e-mail address"
            }))
        });
        let business = self.text("business", "/business").map(|text| text.parse());
        let business = business.transpose().map_err(business_fault);
        let business = self.keep("/business", business);
        let contact = self
            .text("contact_email", "/contact_email")
            .map(|text| text.parse());
        let contact = contact
            .transpose()
            .map_err(|_| "this is not an e-mail address");
        let contact: Option<Option<EmailAddress>> = self.keep("/contact_email", contact);
        let locale = self.language();
        let statement = self.statement();
        let read = (|| {
            Some(Ask {
                channel: Channel::Api,
                asker: asker?,
                business: business?,
                contact: contact?,
                locale: locale?,
                statement: statement?,
            })
        })();
        self.finish(read)
    }

    fn role(&mut self) -> Option<Role> {
        let text = self.text("role", "/role").unwrap_or_default();
        let role = text.parse();
        self.keep(
            "/role",
            role.map_err(|_| "say end_user, account_holder or representative"),
        )
    }

    fn language(&mut self) -> Option<Locale> {
        match self.text("language", "/language") {
            None => Some(Locale::default()),
            Some(text) => self.keep("/language", text.parse().map_err(|_| "say fr or en")),
        }
    }

    fn statement(&mut self) -> Option<Statement> {
        let made = Statement::made(self.members.get("statement") == Some(&Value::Bool(true)));
        self.keep(
            "/statement",
            made.ok_or("without the statement there is no request: say true"),
        )
    }

    fn identity(&mut self) -> Option<Identity> {
        let Some(Value::Object(identity)) = self.members.get("identity") else {
            self.fault("/identity", "this has to be an object with kind and value");
            return None;
        };
        let text = |name: &str| {
            identity
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let (kind, value) = (text("kind").to_owned(), text("value").to_owned());
        if identity
            .keys()
            .any(|name| name != "kind" && name != "value")
        {
            self.fault(
                "/identity",
                "there are members that this address does not know",
            );
        }
        match kind.as_str() {
            "phone" => {
                let number = value.parse::<PhoneNumber>().map_err(number_fault);
                self.keep("/identity/value", number).map(Identity::Phone)
            }
            "email" => {
                let address = value.parse::<EmailAddress>();
                let address = address.map_err(|_| "this is not an e-mail address");
                self.keep("/identity/value", address).map(Identity::Email)
            }
            _ => {
                self.fault("/identity/kind", "say phone or email");
                None
            }
        }
    }
}

/// The key with which a request may be sent again.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().ok().and_then(|text| text.parse().ok());
    key.map(Some).ok_or(Problem::MalformedKey)
}

const fn number_fault(error: PhoneNumberError) -> &'static str {
    match error {
        PhoneNumberError::Missing => "the number is missing",
        PhoneNumberError::Letters => "a number has no letters",
        PhoneNumberError::OtherDigits => "write the number with the digits 0 to 9",
        PhoneNumberError::Malformed => "a number has digits, spaces and a plus, nothing else",
        PhoneNumberError::NoCountryCode => "begin with + and the country code",
        PhoneNumberError::UnknownCountry => "no country has this code",
        PhoneNumberError::ShortCode => "this is a short number, which cannot be on WhatsApp",
        PhoneNumberError::Group => "this is a group, not a person's number",
        PhoneNumberError::TooShort => "digits are missing",
        PhoneNumberError::TooLong => "there are too many digits",
        PhoneNumberError::Unassigned => "this country has no such number",
        PhoneNumberError::Landline => "this is a landline",
        PhoneNumberError::Service => "this is a service number, not a person's",
    }
}

const fn business_fault(error: BusinessNameError) -> &'static str {
    match error {
        BusinessNameError::Missing => "leave the name out where it is not known",
        BusinessNameError::TooLong => "the name is too long: 100 characters at most",
        BusinessNameError::Link => "write the name without a web address",
        BusinessNameError::Malformed => "there are characters in it that no name has",
    }
}
