alter table member add column merged_into bigint;
