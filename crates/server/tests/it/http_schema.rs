//! Reads JSON Schema as far as the API description uses it: makes values that fit, and says where
//! one does not fit.

use serde_json::{Map, Value, json};

/// Throws the same numbers for the same seed, on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The next 64 bits of SplitMix64.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// A description, with what was learnt from its answers.
pub struct Schemas {
    pub root: Value,
    /// Ids that the service gave out.
    pub ids: Vec<String>,
    /// The shop's own ids of its members, those who joined last at the end.
    pub customers: Vec<String>,
}

const DEEPEST: usize = 6;

impl Schemas {
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.resolve(self.root.pointer(&reference[1..]).unwrap()),
            None => schema,
        }
    }

    /// A value that fits. `name` is the field's: some names mean something in the shop.
    pub fn make(&self, schema: &Value, name: &str, dice: &mut Dice, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if let Some(values) = schema["enum"].as_array() {
            return dice.pick(values).clone();
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[choice].as_array() {
                return self.make(dice.pick(choices), name, dice, depth);
            }
        }
        if let Some(example) = schema.get("example").filter(|_| dice.percent(40)) {
            return example.clone();
        }
        match kind_of(schema, dice) {
            "object" => self.make_object(schema, dice, depth),
            "array" if depth < DEEPEST => {
                let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
                let count = least + dice.below(3);
                (0..count).map(|_| self.make(&schema["items"], name, dice, depth + 1)).collect()
            }
            "array" => json!([]),
            "string" => Value::String(self.make_text(schema, name, dice)),
            "integer" => make_number(schema, dice),
            "boolean" => Value::Bool(dice.percent(50)),
            "null" => Value::Null,
            _ => json!({ "anything": 1 }),
        }
    }

    fn make_object(&self, schema: &Value, dice: &mut Dice, depth: usize) -> Value {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut fields = Map::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&name.as_str()) || (depth < DEEPEST && dice.percent(40)) {
                fields.insert(name.clone(), self.make(field, name, dice, depth + 1));
            }
        }
        if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
            for name in ["size", "visits"] {
                if dice.percent(50) {
                    fields.insert(name.to_owned(), self.make(values, name, dice, depth + 1));
                }
            }
        }
        Value::Object(fields)
    }

    pub fn make_text(&self, schema: &Value, name: &str, dice: &mut Dice) -> String {
        let pattern = schema["pattern"].as_str().unwrap_or_default();
        let prefix = ["mem_", "hol_", "txn_", "whe_", "evt_"]
            .into_iter()
            .find(|prefix| pattern.starts_with(&format!("^{prefix}")));
        let prefix = prefix.or(pattern.starts_with("^(mem_").then_some("mem_"));
        if let Some(prefix) = prefix {
            let entry = pattern.contains("-[0-9]");
            let fits = |id: &&String| id.starts_with(prefix) && id.contains('-') == entry;
            let known: Vec<&String> = self.ids.iter().filter(fits).collect();
            if !known.is_empty() && dice.percent(80) {
                return (*dice.pick(&known)).clone();
            }
            return match prefix {
                "mem_" => format!("ext:{}", self.customer(dice)),
                _ if entry => format!("{prefix}0000000000000-0"),
                _ => format!("{prefix}0000000000000"),
            };
        }
        if ["member", "from", "to"].contains(&name) && dice.percent(95) {
            return self.customer(dice);
        }
        let usual: &[&str] = match name {
            "member" | "from" | "to" => &["nobody"],
            "external_id" | "order" | "return_id" => &["1", "2", "3", "o-4"],
            "unit" => &["points", "stars"],
            "code" => &["friend-of-0", "FRIEND OF 1", "friend-of-2", "nobody-has-it"],
            "reward" => &["coupon-10", "early-access", "mug", "yacht"],
            "currency" => &["PLN", "PLN", "EUR"],
            "brand" => &["shop", "other"],
            "name" => &["review", "survey", "newsletter", "joined"],
            "placed_at" | "paid_at" | "closed_at" | "joined_at" | "occurred_at" | "returned_at" => {
                &["2026-05-01T10:00:00Z", "2025-01-31T23:59:59.999999Z", "2026-05-04T10:00:00+02:00"]
            }
            "valid_until" => &["2026-05-04T10:20:00Z", "2026-05-05T10:00:00Z"],
            "total" | "unit_price" => &["100.00", "0.00", "249.99", "1000000"],
            "tax" | "paid_with_points" => &["0.00", "1.50"],
            "line" | "id" => &["1", "2"],
            _ => &[],
        };
        if !usual.is_empty() && dice.percent(85) {
            return (*dice.pick(usual)).to_owned();
        }
        let examples = schema["examples"].as_array().into_iter().flatten().chain(schema.get("example"));
        let known: Vec<&str> = examples.filter_map(Value::as_str).collect();
        if known.is_empty() { "text".to_owned() } else { (*dice.pick(&known)).to_owned() }
    }

    /// One of those who joined last: the others may have left.
    fn customer(&self, dice: &mut Dice) -> String {
        let latest = &self.customers[self.customers.len().saturating_sub(3)..];
        dice.pick(latest).clone()
    }

    /// Where a value does not fit; `None` when it does.
    pub fn misfit(&self, schema: &Value, value: &Value, at: &str) -> Option<String> {
        let schema = self.resolve(schema);
        for choice in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[choice].as_array() {
                let misfits: Vec<String> = choices.iter().filter_map(|choice| self.misfit(choice, value, at)).collect();
                return (misfits.len() == choices.len()).then(|| format!("{at} fits nothing: {}", misfits.join("; ")));
            }
        }
        if let Some(all) = schema["allOf"].as_array() {
            return all.iter().find_map(|part| self.misfit(part, value, at));
        }
        if let Some(values) = schema["enum"].as_array()
            && !values.contains(value)
        {
            return Some(format!("{at}: {value} is not one of {values:?}"));
        }
        if !has_kind(schema, value) {
            return Some(format!("{at}: {value} is no {}", schema["type"]));
        }
        match value {
            Value::Object(fields) => self.misfit_object(schema, fields, at),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .find_map(|(index, item)| self.misfit(&schema["items"], item, &format!("{at}/{index}"))),
            _ => None,
        }
    }

    fn misfit_object(&self, schema: &Value, fields: &Map<String, Value>, at: &str) -> Option<String> {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                return Some(format!("{at}: {name} is missing"));
            }
        }
        fields.iter().find_map(|(name, value)| {
            let at = format!("{at}/{name}");
            match (schema["properties"].get(name), schema.get("additionalProperties")) {
                (Some(known), _) => self.misfit(known, value, &at),
                (None, Some(any)) => self.misfit(any, value, &at),
                _ => None,
            }
        })
    }

    fn is_new_id(&self, text: &String) -> bool {
        let is_id = ["mem_", "hol_", "txn_", "whe_", "evt_"].iter().any(|prefix| text.starts_with(prefix));
        is_id && self.ids.len() < 200 && !self.ids.contains(text)
    }

    /// Remembers the ids in an answer.
    pub fn learn(&mut self, answer: &Value) {
        match answer {
            Value::String(text) if self.is_new_id(text) => self.ids.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.learn(field)),
            _ => {}
        }
    }
}

fn kind_of<'a>(schema: &'a Value, dice: &mut Dice) -> &'a str {
    match &schema["type"] {
        Value::Array(kinds) => dice.pick(kinds).as_str().unwrap(),
        Value::String(kind) => kind,
        _ => "",
    }
}

fn has_kind(schema: &Value, value: &Value) -> bool {
    let fits = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => true,
    };
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(fits),
        Value::String(kind) => fits(kind),
        _ => true,
    }
}

fn make_number(schema: &Value, dice: &mut Dice) -> Value {
    let least = schema["minimum"].as_i64().unwrap_or(0);
    let most = schema["maximum"].as_i64().unwrap_or(1_000_000);
    let small = least.max(0).saturating_add(dice.below(300) as i64).min(most);
    json!(*dice.pick(&[least, most, small, small, small]))
}
