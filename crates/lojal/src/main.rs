mod import;
mod texts;

fn main() {}
