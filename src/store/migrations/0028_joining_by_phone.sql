-- Which number people ring to take part by phone, and what they do then; goes into messages to those who take part by phone.
ALTER TABLE therapy_group ADD COLUMN phone_directions TEXT NOT NULL DEFAULT '';
