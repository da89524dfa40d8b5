namespace OrleansPayments.Routing;

/// <summary>Why a connector is not the first. They are stored with each payment: names are only added.</summary>
public static class RoutingReasons
{
    // It may not take the payment.
    public const string Disabled = "disabled";

    /// <summary>It only goes on with the payments that it has.</summary>
    public const string Draining = "draining";

    /// <summary>It failed too often and rests; it is in again, as if healthy, as soon as it may be tried.</summary>
    public const string CircuitOpen = "circuit_open";

    public const string MethodNotSupported = "method_not_supported";
    public const string CurrencyNotSupported = "currency_not_supported";
    public const string NetworkNotSupported = "network_not_supported";
    public const string CountryNotSupported = "country_not_supported";
    public const string AmountTooSmall = "amount_too_small";
    public const string AmountTooLarge = "amount_too_large";

    // It was chosen, and gave no leave to charge.
    public const string NotFound = "not_found";

    /// <summary>As many charges wait for it as may.</summary>
    public const string BulkheadFull = "bulkhead_full";

    /// <summary>Its timeout is longer than the caller could still wait.</summary>
    public const string NoTimeLeft = "no_time_left";

    // It was tried, took nothing, and another was tried after it.
    public const string NotSent = "not_sent";
    public const string Rejected = "rejected";
    public const string Declined = "declined";

    // The merchant's configuration leaves it out.
    public const string NotInRule = "not_in_rule";
    public const string NotInSplit = "not_in_split";

    // It may, and comes behind.
    public const string NotPreferred = "not_preferred";
    public const string LaterInOrder = "later_in_order";
    public const string HigherCost = "higher_cost";
    public const string LowerExpectedValue = "lower_expected_value";
    public const string NotDrawn = "not_drawn";
    public const string LowerPriority = "lower_priority";
    public const string LaterName = "later_name";
}
