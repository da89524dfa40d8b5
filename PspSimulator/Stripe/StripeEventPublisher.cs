using System.Buffers;
using System.Text.Json;
using OrleansPayments.PspSimulator.Http;
using OrleansPayments.PspSimulator.World;
using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Puts what happened in one account into Stripe's event envelope (docs.stripe.com/api/events/object) and hands it to the outbox.</summary>
internal sealed class StripeEventPublisher(Account account, TimeProvider time, RandomSource random)
{
    public const string ApiVersion = "2026-07-29.dahlia";

    private readonly StripeSignature _signature = new(account.Name);

    public void Intent(PaymentIntent? before, PaymentIntent after, StripeCause cause)
    {
        if (account.Callbacks.Endpoints.Count == 0) return;
        foreach (var (type, subject) in StripeEvents.Between(before, after)) Publish(type, subject, after.Id, cause);
    }

    public void Refund(StripeRefund? before, StripeRefund after, StripeCause cause)
    {
        if (account.Callbacks.Endpoints.Count == 0) return;
        foreach (var type in StripeEvents.OfRefund(before, after)) Publish(type, after, after.Intent, cause);
    }

    private void Publish(string type, IStripeObject subject, string intent, StripeCause cause)
    {
        var id = random.NextId("evt_");
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, JsonAnswer.WriterOptions)) Write(json, id, type, subject, cause);
        account.Callbacks.Publish(new CallbackMessage(id, type, intent, buffer.WrittenSpan.ToArray(), _signature), cause.Batch);
    }

    private void Write(Utf8JsonWriter json, string id, string type, IStripeObject subject, StripeCause cause)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "event"u8);
        json.WriteString("api_version"u8, ApiVersion);
        json.WriteNumber("created"u8, time.GetUtcNow().ToUnixTimeSeconds());
        json.WriteStartObject("data"u8);
        json.WritePropertyName("object"u8);
        StripeJson.Write(json, subject);
        json.WriteEndObject();
        json.WriteBoolean("livemode"u8, false);
        json.WriteNumber("pending_webhooks"u8, account.Callbacks.Endpoints.Count);
        json.WriteStartObject("request"u8);
        json.WriteString("id"u8, cause.RequestId);
        json.WriteString("idempotency_key"u8, cause.Key);
        json.WriteEndObject();
        json.WriteString("type"u8, type);
        json.WriteEndObject();
    }
}
