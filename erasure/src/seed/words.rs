//! What people are called and what they write: enough of it that a page looks like somebody's real account.

pub(super) const FIRST_NAMES: [&str; 48] = [
    "Camille", "Léa", "Manon", "Chloé", "Inès", "Jade", "Louise", "Zoé", "Hugo", "Lucas", "Jules",
    "Arthur", "Adam", "Raphaël", "Théo", "Maël", "Aïcha", "Fatou", "Mariam", "Awa", "Youssef",
    "Mehdi", "Karim", "Ousmane", "Olivia", "Amelia", "Isla", "Ava", "Mia", "Grace", "Freya",
    "Harriet", "Oliver", "George", "Noah", "Arthur", "Leo", "Oscar", "Theodore", "Finley", "Priya",
    "Anaya", "Rohan", "Kwame", "Zainab", "Ngozi", "Élodie", "Gaël",
];

pub(super) const LAST_NAMES: [&str; 40] = [
    "Martin",
    "Bernard",
    "Dubois",
    "Thomas",
    "Robert",
    "Richard",
    "Petit",
    "Durand",
    "Leroy",
    "Moreau",
    "Lefèvre",
    "Fournier",
    "Girard",
    "Bonnet",
    "Lambert",
    "Fontaine",
    "Rousseau",
    "Diallo",
    "Traoré",
    "Ndiaye",
    "Koné",
    "Benali",
    "El Amrani",
    "Payet",
    "Hoarau",
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Wilson",
    "Johnson",
    "Davies",
    "Patel",
    "Wright",
    "Walker",
    "Hughes",
    "Okafor",
    "Mensah",
    "O’Connor",
];

pub(super) const COMPANIES: [&str; 16] = [
    "Atelier Nord",
    "Maison Verte",
    "Boulangerie Lune",
    "Cycles Rivoli",
    "Pharmacie du Port",
    "Studio Palmier",
    "Garage Mistral",
    "Librairie Plume",
    "Harbour Coffee",
    "Willow Dental",
    "Northgate Travel",
    "Fern & Oak",
    "Clinique Soleil",
    "Optique Delta",
    "Riverside Yoga",
    "Savane Tours",
];

/// A dialling prefix, and how many digits follow it.
pub(super) const NUMBERS: [(&str, u32); 12] = [
    ("336", 8),
    ("337", 8),
    ("336", 8),
    ("262692", 6),
    ("590690", 6),
    ("2126", 8),
    ("22177", 7),
    ("22507", 8),
    ("324", 8),
    ("447", 9),
    ("4179", 7),
    ("447", 9),
];

pub(super) const TO_BUSINESS: [&str; 16] = [
    "Bonjour, est-ce que ma commande {n} est partie ?",
    "Je voudrais décaler mon rendez-vous de jeudi, c’est possible ?",
    "Merci beaucoup, c’est parfait !",
    "Avez-vous encore le modèle bleu en taille 42 ?",
    "Je n’ai toujours rien reçu. Mon adresse est 12 rue des Lilas.",
    "Vous êtes ouverts samedi ?",
    "Voici la photo du problème.",
    "C’est pour ma fille, elle a 7 ans.",
    "Hi, is order {n} on its way?",
    "Could I move my appointment to Friday morning?",
    "That works, thank you so much.",
    "Do you still have the blue one in size 8?",
    "I have not received anything yet. I live at 12 Mill Lane.",
    "Are you open on Saturday?",
    "Here is a picture of the damage.",
    "Please call my husband instead, he is at home.",
];

pub(super) const FROM_BUSINESS: [&str; 12] = [
    "Bonjour {name}, votre commande {n} part demain matin.",
    "Avec plaisir {name}. Jeudi 14 h ou vendredi 9 h 30 ?",
    "C’est noté, à très vite !",
    "Nous l’avons encore en bleu. Je vous le mets de côté ?",
    "Votre colis est au point relais de votre quartier.",
    "Merci pour votre patience {name}, le remboursement est fait.",
    "Hello {name}, your order {n} leaves tomorrow morning.",
    "Of course {name}. Thursday 2 pm or Friday 9:30?",
    "Noted, see you soon!",
    "We still have it in blue. Shall I put one aside?",
    "Your parcel is waiting at the pick-up point near you.",
    "Thank you for waiting {name}, the refund is on its way.",
];

pub(super) const USER_AGENTS: [&str; 4] = [
    "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0",
    "Mozilla/5.0 (Linux; Android 9) Chrome/142.0 Mobile",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1) Safari/605.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64) Edg/142.0",
];

/// The beginnings of real files of these kinds, so that a look at a seeded folder says what is in it.
pub(super) const FILES: [(&str, &str, &str, &[u8]); 5] = [
    (
        "image",
        "image/jpeg",
        "jpg",
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00",
    ),
    (
        "image",
        "image/png",
        "png",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    ),
    (
        "audio",
        "audio/ogg",
        "ogg",
        b"OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00",
    ),
    (
        "video",
        "video/mp4",
        "mp4",
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
    ),
    (
        "document",
        "application/pdf",
        "pdf",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    ),
];
