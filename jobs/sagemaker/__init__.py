"""Entry points of the SageMaker jobs: training and evaluation, under SageMaker's directory contract."""
