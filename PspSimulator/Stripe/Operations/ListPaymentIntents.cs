using System.Globalization;
using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/payment_intents/list, newest first</summary>
internal sealed class ListPaymentIntents : IStripeOperation
{
    public const int MaxLimit = 100;
    public const int DefaultLimit = 10;

    private const string Url = "/v1/payment_intents";

    public string Method => HttpMethods.Get;

    public string Path => Url;

    public Operation? Kind => Operation.Retrieve;

    public PreparedCall Prepare(StripeCall call)
    {
        var limit = DefaultLimit;
        string? after = null;
        string? customer = null;
        var (from, to) = (long.MinValue, long.MaxValue);
        foreach (var (name, value) in call.Fields)
        {
            switch (name)
            {
                case "limit" when TryLimit(value, out limit):
                    break;
                case "limit":
                    return PreparedCall.Refuse(InvalidLimit);
                case "starting_after":
                    after = value;
                    break;
                case "customer":
                    customer = value;
                    break;
                default:
                    if (!TryNarrow(name, value, ref from, ref to, out var error)) return PreparedCall.Refuse(error!);
                    break;
            }
        }

        return PreparedCall.Run(_ => Page(call.Account, limit, after, intent =>
            intent.Created.ToUnixTimeSeconds() is var created && created >= from && created <= to
            && (customer is null || customer == intent.Customer)));
    }

    public static StripeError InvalidLimit { get; } = StripeError.InvalidRequest(
        "Invalid limit: it must be an integer from 1 to 100.", "parameter_invalid_integer", "limit");

    public static bool TryLimit(string value, out int limit) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit;

    private static StripeReply Page(StripeAccount account, int limit, string? after, Func<PaymentIntent, bool> matches)
    {
        // One more than asked for tells whether there is more.
        var found = account.Newest(limit + 1, after, attempt: null, matches);
        return found is null
            ? StripeReply.BadRequest(StripeError.NoSuchIntent(after!) with { Param = "starting_after" })
            : StripeReply.Ok(StripeList.Page(Url, [.. found], limit));
    }

    private static bool TryNarrow(string name, string value, ref long from, ref long to, out StripeError? error)
    {
        error = null;
        if (!name.StartsWith("created", StringComparison.Ordinal))
        {
            error = StripeError.UnknownParameter(name);
            return false;
        }

        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > int.MaxValue)
        {
            error = StripeError.InvalidRequest("Invalid created: it must be a Unix time in seconds.", "parameter_invalid_integer", "created");
            return false;
        }

        switch (name)
        {
            case "created":
                (from, to) = (seconds, seconds);
                return true;
            case "created[gte]":
                from = Math.Max(from, seconds);
                return true;
            case "created[gt]":
                from = Math.Max(from, seconds + 1);
                return true;
            case "created[lte]":
                to = Math.Min(to, seconds);
                return true;
            case "created[lt]":
                to = Math.Min(to, seconds - 1);
                return true;
            default:
                error = StripeError.UnknownParameter(name);
                return false;
        }
    }
}
