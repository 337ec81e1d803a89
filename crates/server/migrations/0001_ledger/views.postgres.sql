create view ledger_entry as
select
    journal.part,
    journal.id as transaction_id,
    journal.holder,
    journal.decided_at,
    journal.version,
    journal.kind,
    effect.place - 1 as entry,
    coalesce((effect.value ->> 'at')::bigint, journal.decided_at) as happened_at,
    case
        when effect.value -> 'earned' is not null then 'order_earned'
        when jsonb_typeof(effect.value -> 'why') = 'string' then effect.value ->> 'why'
        else (select jsonb_object_keys(effect.value -> 'why'))
    end as reason,
    posting.value ->> 0 as account,
    (posting.value ->> 1)::bigint as amount,
    coalesce(posting.value ->> 2, journal.body::jsonb ->> 'unit') as unit,
    coalesce(
        posting.value ->> 3, journal.body::jsonb ->> 'brand', journal.body::jsonb #>> '{command,put_order,brand}'
    ) as brand
from journal
cross join lateral jsonb_array_elements(journal.body::jsonb -> 'effects') with ordinality as effect(value, place)
cross join lateral jsonb_array_elements(effect.value -> 'postings') as posting(value);
