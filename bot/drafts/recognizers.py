"""Every recogniser by its name."""

from __future__ import annotations

from bot.drafts.access import credential, internal_host, ip_address
from bot.drafts.links import handle, mail, outside_url, own_url, short_url, url
from bot.drafts.numbers import licence_plate, long_number, my_number
from bot.drafts.people import person, public_person
from bot.drafts.phones import any_phone, phone
from bot.drafts.quantities import count_of_people, date, money, percentage, time_of_day
from bot.drafts.recognizing import Recognizer
from bot.drafts.whereabouts import address, birth_date, coordinates, where_now

RECOGNIZERS: dict[str, Recognizer] = {
    "address": address,
    "any_phone": any_phone,
    "birth_date": birth_date,
    "coordinates": coordinates,
    "count_of_people": count_of_people,
    "credential": credential,
    "date": date,
    "handle": handle,
    "internal_host": internal_host,
    "ip_address": ip_address,
    "licence_plate": licence_plate,
    "long_number": long_number,
    "mail": mail,
    "money": money,
    "my_number": my_number,
    "outside_url": outside_url,
    "own_url": own_url,
    "percentage": percentage,
    "person": person,
    "phone": phone,
    "public_person": public_person,
    "short_url": short_url,
    "time_of_day": time_of_day,
    "url": url,
    "where_now": where_now,
}
