using System.Globalization;
using System.Text;
using Npgsql;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Persistence.Projections;

namespace OrleansPayments.Silo.Persistence.PaymentList;

/// <summary>The payments that wait for a person, read from the payments list.</summary>
internal sealed class PostgresWorkList(PaymentsDatabase database, Projector projector) : IWorkList
{
    // Who has just resolved one expects it to be gone.
    private static readonly TimeSpan ReadYourWrites = TimeSpan.FromSeconds(1);

    public async Task<PaymentPage> ListAsync(WorkListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        await projector.WaitUntilNowAsync(PaymentListProjection.ProjectionName, ReadYourWrites, cancellationToken).ConfigureAwait(false);
        return await PaymentPageReader.ReadAsync(database, connection => Describe(query, connection), query.Limit, "The work list", cancellationToken).ConfigureAwait(false);
    }

    private static NpgsqlCommand Describe(WorkListQuery query, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand { Connection = connection };
        var text = new StringBuilder($"SELECT state FROM payments.payment_list WHERE {PaymentListProjection.IsWork}");
        if (query.MerchantId is { } merchant) And("merchant_id =", merchant.Value);
        if (query.Reason is { } reason) And("work_item_reason =", reason);
        if (query.StartingAfter is { } cursor) text.Append(" AND (created_at, id) < (").Append(Parameter(cursor.CreatedAt.UtcDateTime)).Append(", ").Append(Parameter(cursor.Id.Value)).Append(')');
        text.Append(" ORDER BY created_at DESC, id DESC LIMIT ").Append(Parameter(query.Limit + 1));
#pragma warning disable CA2100 // Every value is a parameter; the rest is constant text of this class.
        command.CommandText = text.ToString();
#pragma warning restore CA2100
        return command;

        void And(string comparison, string value) => text.Append(" AND ").Append(comparison).Append(' ').Append(Parameter(value));

        string Parameter(object value)
        {
            command.Parameters.Add(new() { Value = value });
            return "$" + command.Parameters.Count.ToString(CultureInfo.InvariantCulture);
        }
    }
}
