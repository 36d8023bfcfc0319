"""Under the store: its tables, connections and locks, teams kept apart, older versions carried forward."""
