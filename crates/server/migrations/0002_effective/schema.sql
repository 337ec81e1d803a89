alter table programme_version add column effective_from bigint;
alter table programme_version add column accepted_worse bigint;
