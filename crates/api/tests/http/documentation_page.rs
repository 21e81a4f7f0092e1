//! The table of the documentation page names tests that exist.

use std::path::{Path, PathBuf};

/// The file that holds the tests of this name.
fn file_of(place: &str) -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = match place.split_once('/') {
        Some(("program", file)) => format!("crates/server/tests/program/{file}.rs"),
        Some(("unit", "config")) => "crates/server/src/config/tests.rs".into(),
        Some(("unit", "passwords")) => "crates/app/src/passwords.rs".into(),
        Some(("unit", file)) => format!("crates/app/src/crypto/{file}.rs"),
        _ => format!("crates/api/tests/http/{place}.rs"),
    };
    repository.join(file)
}

/// The rows of the table.
fn table() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/documentation-page.md");
    let text = std::fs::read_to_string(page).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #"));
    rows.map(str::to_owned).collect()
}

#[test]
fn every_row_names_tests_that_exist() {
    let rows = table();
    assert!(rows.len() > 70, "{} rows", rows.len());
    let mut missing = Vec::new();
    for row in rows {
        let names: Vec<(&str, &str)> =
            row.split('`').skip(1).step_by(2).filter_map(|name| name.split_once("::")).collect();
        if names.is_empty() {
            missing.push(format!("no test: {row}"));
        }
        for (place, test) in names {
            let code = std::fs::read_to_string(file_of(place)).unwrap_or_default();
            if !code.contains(&format!("fn {test}(")) {
                missing.push(format!("{place}::{test}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// How each sentence of the page begins, in its order, and the rows of the table that say it. Sentences without a row
/// only point elsewhere.
const SENTENCES: [(&str, &[usize]); 136] = [
    ("Never expose Langflow ports", &[1]),
    ("Set `LANGFLOW_AUTO_LOGIN=False`, use a", &[1]),
    ("For more information, see", &[]),
    ("Authentication credentials help prevent", &[2]),
    ("There are three types", &[3]),
    ("Langflow API keys:", &[3]),
    ("For authentication with the", &[4, 5]),
    ("Component API keys:", &[3]),
    ("For authentication between Langflow", &[26]),
    ("Authentication environment variables:", &[3]),
    ("These environment variables configure", &[3]),
    ("You can use Langflow", &[4]),
    ("In Langflow version 1.5", &[6]),
    ("For more information, see", &[]),
    ("A Langflow API key", &[7]),
    ("This means that API", &[8]),
    ("A Langflow API key", &[9]),
    ("In single-user environments, you", &[10]),
    ("In multi-user environments, users", &[11]),
    ("You must start your", &[12]),
    ("You can generate a", &[13]),
    ("The CLI option is", &[14]),
    ("In the Langflow header,", &[15]),
    ("Click **Langflow API Keys**,", &[15]),
    ("Name your key, and", &[15]),
    ("Copy the API key", &[15]),
    ("If you're serving your", &[14, 16]),
    ("In this case, you", &[14]),
    ("Recommended:", &[17]),
    ("Start your Langflow server", &[17]),
    ("This configuration is recommended", &[17]),
    ("However, if authentication isn't", &[18]),
    ("Create an API key", &[19]),
    ("All API keys created", &[20]),
    ("To authenticate Langflow API", &[21, 22, 23]),
    ("For more information about", &[]),
    ("To revoke and delete", &[24]),
    ("In the Langflow header,", &[24]),
    ("Click **Langflow API Keys**.", &[24]),
    ("Select the keys you", &[24]),
    ("This action immediately invalidates", &[25]),
    ("Component API keys authorize", &[26]),
    ("These aren't Langflow API", &[26]),
    ("In Langflow, you can", &[27, 28]),
    ("When creating global variables,", &[29]),
    ("For more information, see", &[]),
    ("You create and manage", &[31]),
    ("Langflow only stores the", &[30]),
    ("This means that deleting", &[31]),
    ("You must delete or", &[31]),
    ("This section describes the", &[]),
    ("You can use the", &[32]),
    ("This variable controls whether", &[33]),
    ("If `LANGFLOW_AUTO_LOGIN=False`, automatic login", &[34]),
    ("Users must sign in", &[34]),
    ("If false, you must", &[35]),
    ("If `LANGFLOW_AUTO_LOGIN=True`, Langflow bypasses", &[36]),
    ("All users can access", &[37]),
    ("If you don't have", &[37]),
    ("Langflow doesn't allow users", &[38]),
    ("If two users edit", &[38]),
    ("Any changes made by", &[38]),
    ("In Langflow versions 1.5", &[6]),
    ("The only exceptions are", &[39]),
    ("In Langflow versions earlier", &[40]),
    ("In this case, API", &[40]),
    ("In Langflow version 1.5,", &[41]),
    ("This is a temporary", &[42]),
    ("If either `LANGFLOW_AUTO_LOGIN` or", &[43]),
    ("Controls the availability of", &[44]),
    ("The default is true,", &[45]),
    ("For more information, see", &[]),
    ("These variables specify the", &[46]),
    ("They are required if", &[47]),
    ("Otherwise, they aren't relevant.", &[48]),
    ("If required and not", &[49]),
    ("These defaults don't apply", &[50]),
    ("This environment variable stores", &[51]),
    ("Langflow uses the Fernet", &[51]),
    ("If no secret key", &[52]),
    ("However, you should generate", &[53]),
    ("This is particularly important", &[53]),
    ("To generate a secret", &[54]),
    ("Run the command to", &[54]),
    ("**macOS**:", &[54]),
    ("Generate a secret key", &[54]),
    ("**Linux**:", &[54]),
    ("Generate a secret key", &[54]),
    ("**Unix**:", &[54]),
    ("Generate a secret key", &[54]),
    ("Generate a secret key", &[54]),
    ("Generate a secret key", &[54]),
    ("Paste the value into", &[55]),
    ("When `LANGFLOW_NEW_USER_IS_ACTIVE=False` (default), a", &[56]),
    ("The superuser can also", &[57]),
    ("When `LANGFLOW_NEW_USER_IS_ACTIVE=True`, new user", &[58]),
    ("Only superusers can manage", &[59, 60]),
    ("For more information, see", &[]),
    ("This section shows you", &[]),
    ("This involves disabling automatic", &[64]),
    ("This configuration is recommended", &[61]),
    ("With authentication enabled, all", &[62]),
    ("Additionally, you must sign", &[63]),
    ("Create a `.env` file", &[64]),
    ("Your `.env` file can", &[65]),
    ("This example focuses on", &[]),
    ("Set `LANGFLOW_SUPERUSER` and `LANGFLOW_SUPERUSER_PASSWORD`", &[64]),
    ("For a one-time test,", &[66]),
    ("Strong, securely-stored credentials are", &[66]),
    ("Recommended:", &[67]),
    ("Generate and set a", &[67]),
    ("If you don't set", &[67]),
    ("For instructions on generating", &[]),
    ("Save your `.env` file", &[64]),
    ("For example:", &[]),
    ("Start Langflow with the", &[68]),
    ("Starting Langflow with a", &[69]),
    ("If you don't explicitly", &[70]),
    ("Verify the server is", &[71]),
    ("The default location is", &[71]),
    ("Next, you can add", &[72]),
    ("To complete your first-time", &[73]),
    ("If you aren't using", &[73]),
    ("Log in with the", &[73]),
    ("To manage users on", &[74]),
    ("As a superuser, you", &[75]),
    ("To add a user,", &[76]),
    ("Enter a username and", &[76]),
    ("To activate the account", &[77]),
    ("Inactive users cannot sign", &[78]),
    ("Deselect **Superuser** if you", &[79]),
    ("Click **Save**.", &[80]),
    ("The new user appears", &[80]),
    ("To test the new", &[81]),
    ("Try to access the", &[82]),
    ("You are redirected to", &[82]),
];

/// The sentences of the page: its text without headings, code and markup.
fn sentences(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_code = false;
    for line in page.lines().map(str::trim).filter(|line| *line != "|") {
        if line.starts_with("```") {
            is_code = !is_code;
            continue;
        }
        let is_text =
            !["#", "import ", "<", "---", ":::", "title:", "slug:"].iter().any(|no| line.starts_with(no));
        if is_code || line.is_empty() || !is_text {
            continue;
        }
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let line = line.strip_prefix("* ").or_else(|| number.strip_prefix(". ")).unwrap_or(line);
        found.extend(split(&without_markup(line.trim())));
    }
    found
}

/// Links become their words, tags nothing.
fn without_markup(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['[', '<']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let link = from.strip_prefix('[').and_then(|link| link.split_once("]("));
        let (words, after) = match link.and_then(|(words, tail)| Some((words, tail.split_once(')')?.1))) {
            Some(link) => link,
            None => ("", from.split_once('>').unwrap().1),
        };
        text.push_str(words);
        rest = after;
    }
    text + rest
}

fn split(line: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut ends = false;
    for word in line.split(' ') {
        if ends && word.starts_with(|c: char| c.is_ascii_uppercase() || c == '`') {
            found.push(String::new());
        }
        let sentence = found.last_mut().unwrap();
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(word);
        ends = word.ends_with(['.', ':', '!', '?']) || (ends && word.is_empty());
    }
    found
        .into_iter()
        .map(|sentence| sentence.trim().to_owned())
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

#[test]
fn no_sentence_of_the_page_is_missing() {
    let rows = table().len();
    for (begin, said) in SENTENCES {
        assert!(said.iter().all(|row| (1..=rows).contains(row)), "{begin}");
    }
    let silent = (1..=rows).filter(|row| !SENTENCES.iter().any(|(_, said)| said.contains(row)));
    assert_eq!(silent.collect::<Vec<_>>(), Vec::<usize>::new(), "rows that no sentence says");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/documentation-page.txt");
    let Ok(page) = std::fs::read_to_string(&path) else {
        println!("skipped: the page is not at {}", path.display());
        return;
    };
    let (_, page) = page.split_once("title: API keys and authentication").unwrap();
    let found = sentences(page);
    for ((begin, _), sentence) in SENTENCES.iter().zip(&found) {
        assert!(sentence.starts_with(begin), "{begin:?} is not where {sentence:?} is");
    }
    assert_eq!(found.len(), SENTENCES.len(), "{found:#?}");
}
