"""The screens: a Streamlit app over the same records, findings and verdicts as the command line."""
