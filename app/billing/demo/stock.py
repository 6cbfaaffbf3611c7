"""Whom the demo bills and what it sells."""

from __future__ import annotations

from typing import NamedTuple


class DemoClient(NamedTuple):
    """A client: name, town, postcode, days to pay."""

    name: str
    city: str
    postcode: str
    days: int


class DemoService(NamedTuple):
    """A service: code, name, unit, pounds, tax code, and how many a client buys at most in a month."""

    code: str
    name: str
    unit: str
    price: str
    tax_code: str
    most: int


CLIENTS = (
    DemoClient("Harrow & Pike Solicitors", "Leeds", "LS1 4AP", 30),
    DemoClient("Oakfield Primary School", "Harrogate", "HG2 7PQ", 30),
    DemoClient("Brightwater Dental", "York", "YO1 8QT", 14),
    DemoClient("Café Rosa Ltd", "Leeds", "LS2 7EE", 14),
    DemoClient("Calder Valley Estates", "Halifax", "HX1 5ER", 30),
    DemoClient("Dent: Dental Supplies", "Sheffield", "S1 2GU", 30),
    DemoClient("Eastgate Veterinary Centre", "Lincoln", "LN2 4AA", 14),
    DemoClient("Fernhill Care Homes", "Bradford", "BD1 3AZ", 30),
    DemoClient("Garside Engineering", "Rotherham", "S60 1AH", 60),
    DemoClient("Hallam Architects LLP", "Sheffield", "S10 2HQ", 30),
    DemoClient("Ivy Lane Nursery", "Ilkley", "LS29 8DG", 14),
    DemoClient("J Smith", "Leeds", "LS8 1NT", 14),
    DemoClient("J Smith", "York", "YO24 1AB", 14),
    DemoClient("Kirkstall Brewing Supplies", "Leeds", "LS5 3BT", 30),
    DemoClient("Lockwood Textiles", "Huddersfield", "HD1 3SR", 60),
    DemoClient("Marsh & Daughters Accountants", "Wakefield", "WF1 2EB", 30),
    DemoClient("Northern Lights Theatre Trust", "Hull", "HU1 3RQ", 30),
    DemoClient("O'Connell Haulage", "Doncaster", "DN1 3HP", 30),
    DemoClient("Pennine Wind Co-operative", "Hebden Bridge", "HX7 8AD", 30),
    DemoClient("Quayside Letting Agency", "Hull", "HU1 1TU", 14),
    DemoClient("Rhine Systems UK Ltd", "Manchester", "M2 5DB", 30),
    DemoClient("Saltaire Community Trust", "Shipley", "BD18 3LA", 30),
    DemoClient("Thornton Print Works", "Bradford", "BD13 3AB", 30),
    DemoClient("Wharfedale Opticians", "Otley", "LS21 1AG", 14),
)

SEATS = (
    DemoService("M365-BP", "Microsoft 365 Business Premium", "seat", "16.9166667", "20.0% S", 45),
    DemoService("M365-BS", "Microsoft 365 Business Standard", "seat", "10.30", "20.0% S", 30),
    DemoService("M365-F3", "Microsoft 365 F3", "seat", "6.40", "20.0% S", 60),
    DemoService("EDR", "Endpoint detection and response", "device", "4.75", "20.0% S", 60),
    DemoService("AV-MAIL", "Mail filtering", "mailbox", "1.85", "20.0% S", 60),
    DemoService("BACKUP-M365", "Backup of Microsoft 365", "seat", "2.60", "20.0% S", 45),
    DemoService("BACKUP-GB", "Backup storage", "GB", "0.0437500", "20.0% S", 4000),
    DemoService("RMM-WS", "Managed workstation", "device", "18.00", "20.0% S", 40),
    DemoService("RMM-SRV", "Managed server", "device", "95.00", "20.0% S", 4),
    DemoService("FIREWALL", "Managed firewall", "site", "48.50", "20.0% S", 3),
    DemoService("VOIP-SEAT", "Hosted telephone", "seat", "9.95", "20.0% S", 35),
    DemoService("FTTP-900", "Fibre line 900/100", "line", "62.00", "20.0% S", 2),
)

JOBS = (
    DemoService("SUPPORT-HR", "Remote support", "hour", "85.00", "20.0% S", 12),
    DemoService("ONSITE-HR", "Engineer on site", "hour", "110.00", "20.0% S", 9),
    DemoService("PROJECT-DAY", "Project day", "day", "780.00", "20.0% S", 6),
    DemoService("TRAINING", "Staff training", "hour", "95.00", "Exempt", 6),
    DemoService("ENERGY-MON", "Energy saving controls, fitted", "piece", "119.99", "5.0% R", 8),
    DemoService("MANUALS", "Printed handbooks", "piece", "14.50", "0.0% Z", 20),
)
