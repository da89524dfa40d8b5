using System.Text.Json;
using OrleansPayments.Grains.Connectors;
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

    /// <summary>A capture or cancellation arrives for the first time: it must be the payment's open one, and ask for no more than is there.</summary>
    public void OnOperation(ProviderServer provider, Charge charge, OperationReference reference, Money? amount)
    {
        var started = EventsOf(reference.Attempt.PaymentId).Where(happened => Type(happened) is "capture.started" or "cancel.started")
            .FirstOrDefault(happened => happened.GetProperty("operation").GetInt32() == reference.Number);
        if (started.ValueKind == JsonValueKind.Undefined)
        {
            world.Fail($"{provider.Name} got {reference} before it was durable");
        }
        else if ((Type(started) == "capture.started") != amount is not null)
        {
            world.Fail($"{provider.Name} got {reference}, and the journal says otherwise");
        }
        else if (amount is { } asked && (charge.Captured + asked).MinorUnits > charge.Amount.MinorUnits)
        {
            world.Fail($"{provider.Name} was asked by {reference} to capture more than the amount");
        }
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
        var taken = charges.Where(charge => charge.HasEffect).ToList();
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
            case PaymentStatus.Captured or PaymentStatus.PartiallyCaptured or PaymentStatus.Authorized or PaymentStatus.Cancelled when taken.Count != 1:
                world.Fail($"{id} ended as {durable.Status}, and no provider has a charge");
                break;
            case PaymentStatus.Captured or PaymentStatus.PartiallyCaptured or PaymentStatus.Authorized or PaymentStatus.Cancelled:
                Compare(durable, taken[0]);
                break;
            case PaymentStatus.Declined or PaymentStatus.Failed when taken.Count > 0:
                world.Fail($"{id} ended as {durable.Status} and was charged as {taken[0].Id}");
                break;
            case PaymentStatus.Created or PaymentStatus.Processing:
                world.Fail($"{id} has no outcome");
                break;
        }
    }

    private void Compare(PaymentView durable, Charge charge)
    {
        var agree = durable.ConnectorReference == charge.Id
            && durable.AmountCaptured == charge.Captured
            && durable.Status switch
            {
                PaymentStatus.Captured => charge.Captured == charge.Amount,
                PaymentStatus.PartiallyCaptured => charge.Captured.MinorUnits > 0 && charge.Captured.MinorUnits < charge.Amount.MinorUnits,
                PaymentStatus.Authorized => charge.Captured.MinorUnits == 0 && !charge.IsReleased,
                _ => charge.Captured.MinorUnits == 0 && charge.IsReleased,
            };
        if (!agree) world.Fail($"{durable.Id} ended as {durable.Status} with {durable.AmountCaptured} captured; the provider captured {charge.Captured} and {(charge.IsReleased ? "released" : "holds")} the rest");
    }

    private static string? Type(JsonElement happened) => happened.GetProperty("type").GetString();

    // Read from the stored text and not by the grains' own types, so that a mistake there cannot hide itself.
    private IEnumerable<JsonElement> EventsOf(PaymentId id)
    {
        foreach (var entry in store.Entries(id.Value))
        {
            using var events = JsonDocument.Parse(entry.Events);
            foreach (var happened in events.RootElement.EnumerateArray()) yield return happened.Clone();
        }
    }

    private List<Attempt> AttemptsOf(PaymentId id) =>
    [
        .. EventsOf(id).Where(happened => Type(happened) == "attempt.started")
            .Select(happened => new Attempt(happened.GetProperty("attempt").GetInt32(), happened.GetProperty("connector").GetString()!)),
    ];

    private sealed record Attempt(int Number, string Connector);
}
