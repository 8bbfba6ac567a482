"""The entries of the screens, as Streamlit runs them."""
