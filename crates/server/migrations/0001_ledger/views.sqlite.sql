create view ledger_entry as
select
    journal.part,
    journal.id as transaction_id,
    journal.holder,
    journal.decided_at,
    journal.version,
    journal.kind,
    effect.key as entry,
    coalesce(effect.value ->> 'at', journal.decided_at) as happened_at,
    case
        when effect.value -> 'earned' is not null then 'order_earned'
        when json_type(effect.value, '$.why') = 'text' then effect.value ->> 'why'
        else (select why.key from json_each(effect.value, '$.why') as why)
    end as reason,
    posting.value ->> 0 as account,
    posting.value ->> 1 as amount,
    coalesce(posting.value ->> 2, journal.body ->> 'unit') as unit,
    coalesce(
        posting.value ->> 3, journal.body ->> 'brand', journal.body ->> '$.command.put_order.brand'
    ) as brand
from journal, json_each(journal.body, '$.effects') as effect, json_each(effect.value, '$.postings') as posting;
