-- Of a visit whose sound and pictures could never pass (joined_ms is NULL), how far its connection came: our offer stood alone (a browser that
-- did not answer), it was answered and nothing of theirs reached us (a network that lets nothing through), a check reached us, there were keys.
-- NULL: they could pass, or whoever came had left before this was read.
ALTER TABLE call_visit ADD COLUMN reached TEXT CHECK (reached IN ('offered', 'answered', 'checked', 'secured'));
