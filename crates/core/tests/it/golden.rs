//! Files of expected texts. `GOLDEN=write` in the environment writes them anew.

use std::path::Path;

/// Compares with the file of this name beside the tests.
pub fn assert_golden(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(name);
    // What is not to be broken across lines is compared as if it were.
    let actual = actual.replace('\u{a0}', " ");
    if std::env::var_os("GOLDEN").is_some_and(|golden| golden == "write") {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).unwrap();
        }
        std::fs::write(&path, &actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    for (number, (actual, expected)) in actual.lines().zip(expected.lines()).enumerate() {
        assert_eq!(actual, expected, "{name}:{}", number + 1);
    }
    assert_eq!(actual.lines().count(), expected.lines().count(), "{name}");
}
