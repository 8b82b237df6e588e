from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_bank_statements"),
    ]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("OPENING", "Debt taken over"),
                    ("PAYMENT", "Payment"),
                    ("REVERSAL", "Reversal"),
                    ("WAIVER", "Waiver"),
                    ("ADJUSTMENT", "Adjustment by the creditor"),
                    ("ACCRUAL", "Interest and penalty"),
                    ("COST", "Costs of recovery"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="line",
            name="bucket",
            field=models.CharField(
                choices=[
                    ("PRINCIPAL", "Principal"),
                    ("INTEREST", "Interest"),
                    ("PENALTY", "Penalty"),
                    ("FEES", "Fees"),
                    ("COSTS", "Costs"),
                    ("OPENING", "Taken over from the creditor"),
                    ("CASH", "Paid"),
                    ("WAIVED", "Waived"),
                    ("ADJUSTED", "Adjusted by the creditor"),
                    ("ACCRUED", "Accrued"),
                    ("INCURRED", "Costs incurred"),
                ],
                max_length=10,
            ),
        ),
    ]
