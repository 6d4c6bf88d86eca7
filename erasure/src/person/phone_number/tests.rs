//! What people type, where they live, and what they mistake for a number.

use proptest::prelude::*;

use super::*;

/// Where; how it is typed; its digits.
const MOBILES: [(&str, &str, &str); 34] = [
    ("France", "+33 6 12 34 56 78", "33612345678"),
    (
        "France, with its zero",
        "+33 (0)6 12 34 56 78",
        "33612345678",
    ),
    ("France, 00", "0033.7.56.34.56.78", "33756345678"),
    ("Guadeloupe", "+590 690 12 34 56", "590690123456"),
    ("Saint-Martin", "+590 691 23 45 67", "590691234567"),
    ("Martinique", "+596 696 12 34 56", "596696123456"),
    ("Guyane", "+594 694 12 34 56", "594694123456"),
    ("La Réunion", "+262 692 12 34 56", "262692123456"),
    ("Mayotte", "+262 639 69 12 34", "262639691234"),
    ("Saint-Pierre-et-Miquelon", "+508 55 12 34", "508551234"),
    ("Nouvelle-Calédonie", "+687 75 12 34", "687751234"),
    ("Polynésie française", "+689 87 12 34 56", "68987123456"),
    ("Wallis-et-Futuna", "+681 82 12 34", "681821234"),
    ("Morocco", "+212 6 12-34-56-78", "212612345678"),
    (
        "Morocco, with its zero",
        "00212 (0)7 12 34 56 78",
        "212712345678",
    ),
    ("Senegal", "+221 77 123 45 67", "221771234567"),
    ("Ivory Coast", "+225 07 12 34 56 78", "2250712345678"),
    ("Ivory Coast", "+225 05 12 34 56 78", "2250512345678"),
    ("Brazil", "+55 (11) 98765-4321", "5511987654321"),
    (
        "Brazil, as an old account shows it",
        "+55 11 8765-4321",
        "5511987654321",
    ),
    ("Mexico", "+52 55 1234 5678", "525512345678"),
    (
        "Mexico, as WhatsApp shows it",
        "+52 1 55 1234 5678",
        "525512345678",
    ),
    ("Argentina", "+54 9 11 2345-6789", "5491123456789"),
    (
        "Argentina, with the 15",
        "+54 11 15-2345-6789",
        "5491123456789",
    ),
    ("United States", "+1 (202) 555-0123", "12025550123"),
    ("United Kingdom", "(+44) 7400 123456", "447400123456"),
    ("Germany", "+49 1512 3456789", "4915123456789"),
    (
        "no-break spaces",
        "+33\u{a0}6\u{202f}12\u{a0}34\u{a0}56\u{a0}78",
        "33612345678",
    ),
    (
        "copied from an address book",
        "\u{202a}+33 6 12 34 56 78\u{202c}",
        "33612345678",
    ),
    (
        "in a right-to-left text",
        "\u{200f}+212 612-345678\u{200f}",
        "212612345678",
    ),
    ("slashes and dashes", "+33/6–12—34-56.78", "33612345678"),
    ("plus and 00", "+0033 6 12 34 56 78", "33612345678"),
    ("spaces around", "\n\t +33612345678 \r\n", "33612345678"),
    ("brackets", "(0033) 6 12 34 56 78", "33612345678"),
];

const REFUSED: [(&str, PhoneNumberError); 42] = [
    ("", PhoneNumberError::Missing),
    (" \u{a0}\u{200e}", PhoneNumberError::Missing),
    ("+", PhoneNumberError::Missing),
    ("()", PhoneNumberError::Missing),
    ("00", PhoneNumberError::Missing),
    ("+33 6 1O 34 56 78", PhoneNumberError::Letters),
    ("tel:+33612345678", PhoneNumberError::Letters),
    ("+33 6 12 34 56 78 ext 3", PhoneNumberError::Letters),
    ("ada@example.fr", PhoneNumberError::Letters),
    ("+٣٣ ٦١٢٣٤٥٦٧٨", PhoneNumberError::OtherDigits),
    ("+३३६१२३४५६७८", PhoneNumberError::OtherDigits),
    ("+３３612345678", PhoneNumberError::OtherDigits),
    ("+33 6 12 34 56 ½", PhoneNumberError::OtherDigits),
    ("+33 6 12 34 56 78;1", PhoneNumberError::Malformed),
    ("+33 6 12 34 56 78 #", PhoneNumberError::Malformed),
    ("33+612345678", PhoneNumberError::Malformed),
    ("++33612345678", PhoneNumberError::Malformed),
    ("+33612345678\0", PhoneNumberError::Malformed),
    ("06 12 34 56 78", PhoneNumberError::NoCountryCode),
    ("33612345678", PhoneNumberError::NoCountryCode),
    ("3639", PhoneNumberError::ShortCode),
    ("112", PhoneNumberError::ShortCode),
    ("+999 6 12 34 56 78", PhoneNumberError::UnknownCountry),
    ("+0 6 12 34 56 78", PhoneNumberError::UnknownCountry),
    ("120363025246125486@g.us", PhoneNumberError::Group),
    ("120363025246125486", PhoneNumberError::Group),
    ("33612345678-1421234567", PhoneNumberError::Group),
    ("33612345678-1421234567@G.US", PhoneNumberError::Group),
    ("+33 6 12 34", PhoneNumberError::TooShort),
    ("+33 3639", PhoneNumberError::TooShort),
    ("+33", PhoneNumberError::TooShort),
    ("+33 6 12 34 56 78 90", PhoneNumberError::TooLong),
    ("+3361234567890123456", PhoneNumberError::TooLong),
    ("+33 690 12 34 56", PhoneNumberError::Unassigned),
    ("+225 12 12 34 56 78", PhoneNumberError::Unassigned),
    ("+55 04 7000 0000", PhoneNumberError::Unassigned),
    ("+33 1 23 45 67 89", PhoneNumberError::Landline),
    ("+212 5 22 12 34 56", PhoneNumberError::Landline),
    ("+55 11 3123-4567", PhoneNumberError::Landline),
    ("+54 11 2345-6789", PhoneNumberError::Landline),
    ("+33 800 12 34 56", PhoneNumberError::Service),
    ("+33 892 12 34 56", PhoneNumberError::Service),
];

fn number(digits: &str) -> PhoneNumber {
    PhoneNumber::from_wa_id(digits).unwrap()
}

fn candidates(digits: &str) -> Vec<String> {
    let candidates = number(digits).candidates();
    candidates.into_iter().map(|one| one.0).collect()
}

#[test]
fn what_people_type_becomes_the_digits_that_whatsapp_knows() {
    for (place, typed, digits) in MOBILES {
        let read = typed.parse::<PhoneNumber>();
        assert_eq!(read, Ok(number(digits)), "{place}: {typed:?}");
    }
}

#[test]
fn what_is_no_persons_number_is_refused_with_its_reason() {
    for (typed, reason) in REFUSED {
        assert_eq!(typed.parse::<PhoneNumber>(), Err(reason), "{typed:?}");
    }
}

#[test]
fn a_business_may_have_a_landline_or_a_free_number() {
    for (typed, digits) in [
        ("+33 1 23 45 67 89", "33123456789"),
        ("+33 800 12 34 56", "33800123456"),
        ("+33 6 12 34 56 78", "33612345678"),
    ] {
        assert_eq!(PhoneNumber::of_business(typed), Ok(number(digits)));
    }
    assert_eq!(
        PhoneNumber::of_business("3639"),
        Err(PhoneNumberError::ShortCode)
    );
}

#[test]
fn what_meta_sends_is_a_number_even_where_the_plan_knows_none() {
    for id in [
        "5215512345678",
        "551187654321",
        "+16505551234",
        "5491123456789",
        "2901234",
    ] {
        let read = PhoneNumber::from_wa_id(id).unwrap();
        assert_eq!(read.expose(), id.trim_start_matches('+'));
    }
    for id in [
        "",
        "0",
        "123456",
        "0612345678",
        "1234567890123456",
        "336 12",
        "33612a45678",
        "US.1349",
    ] {
        assert_eq!(PhoneNumber::from_wa_id(id), Err(MalformedWaId), "{id:?}");
    }
}

#[test]
fn brazils_ninth_digit_may_be_missing_but_never_makes_a_mobile_of_a_landline() {
    assert_eq!(
        candidates("5511987654321"),
        ["5511987654321", "551187654321"]
    );
    assert_eq!(
        candidates("551187654321"),
        ["551187654321", "5511987654321"]
    );
    assert_eq!(candidates("551131234567"), ["551131234567"]);
    assert_eq!(candidates("5511931234567"), ["5511931234567"]);
}

#[test]
fn mexicos_one_and_argentinas_nine_may_be_missing() {
    assert_eq!(
        candidates("525512345678"),
        ["525512345678", "5215512345678"]
    );
    assert_eq!(
        candidates("5215512345678"),
        ["5215512345678", "525512345678"]
    );
    assert_eq!(
        candidates("5491123456789"),
        ["5491123456789", "541123456789"]
    );
    assert_eq!(
        candidates("541123456789"),
        ["541123456789", "5491123456789"]
    );
    for alone in [
        "33612345678",
        "212612345678",
        "221771234567",
        "2250712345678",
        "590690123456",
    ] {
        assert_eq!(candidates(alone), [alone]);
    }
}

#[test]
fn a_number_is_shown_by_its_ends_and_never_printed() {
    let number = number("33612345678");

    assert_eq!(number.masked(), "+33 … 78");
    assert_eq!(format!("{number:?}"), "PhoneNumber([redacted])");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(4_096)))]

    #[test]
    fn whatever_is_typed_becomes_a_clean_number_or_a_reason(typed in "\\PC{0,24}|[+0-9 ().-]{0,24}|[+]?[0-9]{5,17}") {
        for number in [typed.parse::<PhoneNumber>(), PhoneNumber::of_business(&typed)].into_iter().flatten() {
            prop_assert_eq!(PhoneNumber::from_wa_id(number.expose()), Ok(number.clone()));
            // Typed again as it was understood, it is understood the same.
            prop_assert_eq!(PhoneNumber::of_business(&format!("+{}", number.expose())), Ok(number.clone()));
            prop_assert!(!number.masked().contains(number.expose()));
        }
    }

    #[test]
    fn spaces_anywhere_change_nothing(at in 0_usize..12, digits in "\\+336[0-2][0-9]{7}") {
        let (left, right) = digits.split_at(at);
        prop_assert_eq!(format!("{left}\u{a0}{right}").parse::<PhoneNumber>(), digits.parse());
    }

    #[test]
    fn a_candidate_leads_back_to_where_it_came_from(digits in "(55|52|521|54|549|33)?[1-9][0-9]{7,11}") {
        let number = PhoneNumber::from_wa_id(&digits).unwrap();
        let candidates = number.candidates();
        prop_assert_eq!(&candidates[0], &number);
        for candidate in &candidates {
            prop_assert!(candidate.candidates().contains(&number), "{:?}", candidates.len());
        }
    }
}
