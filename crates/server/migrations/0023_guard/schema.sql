alter table watched_referral add column least_order bigint;

alter table fraud_case add column revision bigint not null default 0;
update fraud_case set revision = 1 where state <> 'open';

create table guard_again (
    part bigint not null,
    friend bigint not null,
    since bigint not null,
    primary key (part, friend)
);

delete from mark_party where kind = 12;
delete from mark_tally where kind = 12;
