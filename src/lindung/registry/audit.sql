-- The audit trail. A record table is watched by statement triggers, so that COPY is seen as well as the ORM.

create sequence lindung_entry;

create function lindung_entry_id(operation text, table_name text) returns bigint language plpgsql as $$
begin
    if coalesce(current_setting('lindung.entry', true), '') = '' then
        raise exception 'no audit entry for % of %', operation, table_name using errcode = 'LN001';
    end if;
    return current_setting('lindung.entry')::bigint;
end $$;

-- An order-free fingerprint of a row: 64 bits of md5, to be summed.
create function lindung_fingerprint(row_text text) returns bigint language sql immutable parallel safe
    return ('x' || left(md5(row_text), 16))::bit(64)::bigint;

create function lindung_columns(watched regclass) returns text[] language sql stable
    return (select array_agg(attname::text order by attnum) from pg_attribute
            where attrelid = watched and attnum > 0 and not attisdropped);

create function lindung_inserted() returns trigger language plpgsql as $$
begin
    insert into registry_history (entry_id, table_name, operation, ids, columns, digest)
    select lindung_entry_id(tg_op, tg_table_name), tg_table_name, 'I',
           array(select unnest(range_agg(int8range(id, id + 1)))),
           lindung_columns(tg_relid), sum(lindung_fingerprint(n::text))
    from new_rows n having count(*) > 0;
    return null;
end $$;

-- Of a changed row only what changed: {column: old value} and {column: new value}.
create function lindung_updated() returns trigger language plpgsql as $$
begin
    insert into registry_history (entry_id, table_name, operation, row_id, old, new)
    select lindung_entry_id(tg_op, tg_table_name), tg_table_name, 'U', both_rows.id, diff.old, diff.new
    from (select o.id, to_jsonb(o) old, to_jsonb(n) new from old_rows o join new_rows n using (id)
          where o is distinct from n offset 0) both_rows,  -- "offset 0": each row is made JSON once, not once a column
         lateral (select jsonb_object_agg(key, value) old, jsonb_object_agg(key, both_rows.new -> key) new
                  from jsonb_each(both_rows.old) where value is distinct from both_rows.new -> key) diff;
    return null;
end $$;

create function lindung_deleted() returns trigger language plpgsql as $$
begin
    insert into registry_history (entry_id, table_name, operation, row_id, old)
    select lindung_entry_id(tg_op, tg_table_name), tg_table_name, 'D', o.id, to_jsonb(o) from old_rows o;
    return null;
end $$;

create function lindung_refused() returns trigger language plpgsql as $$
begin
    raise exception '% of % is not allowed: what is written stays', tg_op, tg_table_name using errcode = 'LN002';
end $$;

create function lindung_watch(watched text) returns void language plpgsql as $$
begin
    execute format('create trigger audit_insert after insert on %I referencing new table as new_rows
                    for each statement execute function lindung_inserted()', watched);
    execute format('create trigger audit_update after update on %I referencing old table as old_rows new table as new_rows
                    for each statement execute function lindung_updated()', watched);
    execute format('create trigger audit_delete after delete on %I referencing old table as old_rows
                    for each statement execute function lindung_deleted()', watched);
    execute format('create trigger audit_truncate before truncate on %I
                    for each statement execute function lindung_refused()', watched);
end $$;

create function lindung_close(watched text) returns void language plpgsql as $$
begin
    execute format('create trigger append_only before update or delete or truncate on %I
                    for each statement execute function lindung_refused()', watched);
end $$;

select lindung_close('registry_auditentry'), lindung_close('registry_history'), lindung_close('registry_schemeversion');
select lindung_watch(name) from unnest(array[
    'registry_scheme', 'registry_schemeversion', 'registry_document', 'registry_unit', 'registry_employer', 'registry_person',
    'registry_outsidecover', 'registry_death', 'registry_storedfile', 'registry_citysetting', 'registry_user',
    'registry_role', 'registry_marker'
]) as name;
