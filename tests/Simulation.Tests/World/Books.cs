using System.Text.Json;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>Compares what providers did with what the journal says: at each effect, and once more when everything has come to rest.</summary>
internal sealed class Books(PaymentWorld world, JournalStore store, IReadOnlyList<ProviderServer> providers)
{
    /// <summary>A charge takes effect now. There must be a durable attempt for it, still without an outcome, at this provider.</summary>
    public void OnEffect(ProviderServer provider, Charge charge)
    {
        var id = charge.Reference.PaymentId;
        var attempt = AttemptsOf(id).FirstOrDefault(known => known.Number == charge.Reference.Attempt);
        if (attempt is null)
        {
            world.Fail($"{provider.Name} charged {charge.Reference} before the attempt was durable");
            return;
        }

        if (attempt.Connector != provider.Name)
        {
            world.Fail($"{provider.Name} charged {charge.Reference}, an attempt at {attempt.Connector} whose outcome nobody knows");
            return;
        }

        var status = store.History(id).View?.Status;
        if (status != PaymentStatus.Processing) world.Fail($"{provider.Name} charged {charge.Reference} after the payment had ended as {status}");
    }

    /// <summary>Everything has come to rest: each payment has an outcome, and it is the providers'.</summary>
    public void CheckAtRest(IEnumerable<Shopper> shoppers)
    {
        foreach (var shopper in shoppers)
        {
            var durable = store.History(shopper.Id).View;
            shopper.Answers.CheckAgainst(shopper.Id, durable);
            Compare(shopper.Id, durable, [.. providers.SelectMany(provider => provider.Charges).Where(charge => charge.Reference.PaymentId == shopper.Id)]);
        }
    }

    private void Compare(PaymentId id, PaymentView? durable, List<Charge> charges)
    {
        var taken = charges.Where(charge => charge.TakesMoney).ToList();
        if (taken.Count > 1)
        {
            world.Fail($"{id} was charged {taken.Count} times: {string.Join(", ", taken.Select(charge => charge.Id))}");
            return;
        }

        switch (durable?.Status)
        {
            case null when charges.Count > 0:
                world.Fail($"{id} was charged as {charges[0].Id} and is not in the journal");
                break;
            case null:
                break;
            case PaymentStatus.Captured when taken.Count != 1 || taken[0].Id != durable.ConnectorReference || taken[0].Amount != durable.AmountCaptured:
                world.Fail($"{id} is captured, and the provider says otherwise");
                break;
            case PaymentStatus.Declined or PaymentStatus.Failed when taken.Count > 0:
                world.Fail($"{id} ended as {durable.Status} and was charged as {taken[0].Id}");
                break;
            case PaymentStatus.Created or PaymentStatus.Processing:
                world.Fail($"{id} has no outcome");
                break;
        }
    }

    // Read from the stored text and not by the grains' own types, so that a mistake there cannot hide itself.
    private List<Attempt> AttemptsOf(PaymentId id)
    {
        var attempts = new List<Attempt>();
        foreach (var entry in store.Entries(id.Value))
        {
            using var events = JsonDocument.Parse(entry.Events);
            foreach (var happened in events.RootElement.EnumerateArray())
            {
                if (happened.GetProperty("type").GetString() != "attempt.started") continue;
                attempts.Add(new Attempt(happened.GetProperty("attempt").GetInt32(), happened.GetProperty("connector").GetString()!));
            }
        }

        return attempts;
    }

    private sealed record Attempt(int Number, string Connector);
}
