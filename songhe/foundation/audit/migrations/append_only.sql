-- Number, instant, transaction and role are the database's own, whatever an INSERT says.
CREATE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.id := nextval('public.audit_entry_number');
    NEW.at := clock_timestamp();
    NEW.role := session_user;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE EXCEPTION 'audit: % of % is not possible', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- The values of a row that may stand in an entry, without the empty ones.
CREATE FUNCTION audit_shown(one jsonb, shown text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('values', (
        SELECT jsonb_object_agg(key, value) FROM jsonb_each(one) WHERE key = ANY (shown) AND value <> 'null'
    )))
$$;

-- What changed in a row: the names of columns, and the values of those that may stand in an entry; NULL for nothing.
CREATE FUNCTION audit_changed(old jsonb, new jsonb, shown text[], silent text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'changed', jsonb_agg(key ORDER BY key),
        'values', jsonb_object_agg(key, jsonb_build_array(old -> key, new -> key)) FILTER (WHERE key = ANY (shown))))
    FROM jsonb_object_keys(old || new) key
    WHERE (old -> key) IS DISTINCT FROM (new -> key) AND key <> ALL (silent)
    HAVING count(*) > 0
$$;

-- Arguments: column of the division ('' for none), of the subject, of the key; columns whose values are shown; columns
-- that leave no entry. Transition tables are `removed` and `added`; row-level security does not apply to them. Rows are
-- taken as jsonb so that one function with kept plans serves all tables; only summaries need the name of a column.
CREATE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    most constant bigint := 1000;
    working constant text := rpad(coalesce(nullif(current_setting('app.lo', true), ''), '0'), 12, '0');
    bulk constant text := coalesce(current_setting('app.bulk', true), '');
    who constant uuid := nullif(current_setting('app.actor', true), '')::uuid;
    who_name constant text := left(coalesce(current_setting('app.actor_name', true), ''), 40);
    why constant text := left(coalesce(current_setting('app.purpose', true), ''), 120);
    deed constant text := lower(TG_OP);
    region constant text := TG_ARGV[0];
    subj constant text := TG_ARGV[1];
    row_key constant text := TG_ARGV[2];
    shown constant text[] := string_to_array(TG_ARGV[3] || ',' || TG_ARGV[0], ',');
    silent constant text[] := string_to_array(TG_ARGV[4], ',');
    touched bigint := 1;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT count(*) INTO touched FROM added;
    ELSIF TG_OP <> 'TRUNCATE' THEN
        SELECT count(*) INTO touched FROM removed;
    END IF;

    IF touched = 0 THEN
        RETURN NULL;
    ELSIF TG_OP = 'TRUNCATE' THEN
        INSERT INTO public.audit_entry (kind, actor, actor_name, purpose, action, table_name, subject, region_code,
            row_id, row_count, detail)
        VALUES ('rows', who, who_name, why, deed, TG_TABLE_NAME, '', working, '', 0, '{}');
    ELSIF touched > most OR bulk <> '' THEN
        EXECUTE format(
            'INSERT INTO public.audit_entry (kind, actor, actor_name, purpose, action, table_name, subject,
                 row_id, detail, region_code, row_count)
             SELECT ''rows'', $1, $2, $3, $4, $5, '''', '''', $6, s.region, s.number
             FROM (SELECT %s AS region, count(*) AS number FROM %s r GROUP BY 1) s',
            CASE WHEN region = '' THEN quote_literal(working) || '::text'
                 ELSE format('coalesce(nullif(r.%I, ''''), %L)', region, working) END,
            CASE WHEN TG_OP = 'INSERT' THEN 'added' ELSE 'removed' END
        ) USING who, who_name, why, deed, TG_TABLE_NAME::text,
            CASE WHEN bulk = '' THEN '{}'::jsonb ELSE jsonb_build_object('bulk', bulk) END;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO public.audit_entry (kind, actor, actor_name, purpose, action, table_name, subject, region_code,
            row_id, row_count, detail)
        SELECT 'rows', who, who_name, why, deed, TG_TABLE_NAME, s.new ->> subj,
            coalesce(nullif(s.new ->> region, ''), working), s.new ->> row_key, 1, s.detail
        FROM (
            SELECT coalesce(n.r, o.r) AS new,
                public.audit_changed(coalesce(o.r, '{}'), coalesce(n.r, '{}'), shown, silent) AS detail
            FROM (SELECT to_jsonb(t) AS r FROM removed t) o
            FULL JOIN (SELECT to_jsonb(t) AS r FROM added t) n ON n.r ->> row_key = o.r ->> row_key
        ) s
        WHERE s.detail IS NOT NULL;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO public.audit_entry (kind, actor, actor_name, purpose, action, table_name, subject, region_code,
            row_id, row_count, detail)
        SELECT 'rows', who, who_name, why, deed, TG_TABLE_NAME, s.r ->> subj,
            coalesce(nullif(s.r ->> region, ''), working), s.r ->> row_key, 1, public.audit_shown(s.r, shown)
        FROM (SELECT to_jsonb(t) AS r FROM added t) s;
    ELSE
        INSERT INTO public.audit_entry (kind, actor, actor_name, purpose, action, table_name, subject, region_code,
            row_id, row_count, detail)
        SELECT 'rows', who, who_name, why, deed, TG_TABLE_NAME, s.r ->> subj,
            coalesce(nullif(s.r ->> region, ''), working), s.r ->> row_key, 1, public.audit_shown(s.r, shown)
        FROM (SELECT to_jsonb(t) AS r FROM removed t) s;
    END IF;
    RETURN NULL;
END $$;
