"""The companies of the first day: each of the three kinds once in production and once in the sandbox."""

from app.simulator.companies.multi_currency import trading_company
from app.simulator.companies.united_kingdom import british_company
from app.simulator.companies.united_states import american_company

COMPANIES = (
    british_company("9341450000000001", "production", "Northgate IT Services Ltd"),
    american_company("9341450000000002", "production", "Northgate IT Inc"),
    trading_company("9341450000000003", "production", "Northgate Trading Ltd"),
    british_company("4620816365000000001", "sandbox", "Sandbox Company_GB_1"),
    american_company("4620816365000000002", "sandbox", "Sandbox Company_US_1"),
    trading_company("4620816365000000003", "sandbox", "Sandbox Company_GB_2"),
)
