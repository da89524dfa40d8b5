using Npgsql;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Payments;

namespace OrleansPayments.Silo.Persistence.PaymentList;

/// <summary>Reads one page of the payments list, for those who say which payments are in it.</summary>
internal static class PaymentPageReader
{
    /// <param name="describe">Selects the states in their order, one more than <paramref name="limit"/>.</param>
    /// <param name="what">For the error, at the beginning of a sentence: <c>The payments list</c>.</param>
    /// <exception cref="JournalUnavailableException">The database cannot be reached now.</exception>
    public static async Task<PaymentPage> ReadAsync(
        PaymentsDatabase database, Func<NpgsqlConnection, NpgsqlCommand> describe, int limit, string what, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var command = describe(connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            var found = new List<PaymentView>(limit + 1);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) found.Add(PaymentHistory.FromJson(reader.GetString(0)).View!);

            // One more than asked for was read: it only tells that there is more.
            return new PaymentPage([.. found.Take(limit)], found.Count > limit);
        }
        catch (NpgsqlException e) when (Outage.Is(e))
        {
            throw new JournalUnavailableException($"{what} cannot be read now.", e);
        }
    }
}
