"""The conference: seats, orders, payments, seat assignments, and the registration process.

After the reference implementation of a well-known guide to CQRS: its rules and its numbers.
"""
