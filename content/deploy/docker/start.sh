#!/bin/sh
set -e
python wait_for_database.py
exec uvicorn main:app --host 0.0.0.0
